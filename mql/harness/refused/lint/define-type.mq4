// refused 3: is not part of our MQL
#property strict
#define NUMBER unsigned

void OnTick()
{
}
