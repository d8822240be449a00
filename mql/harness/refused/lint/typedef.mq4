// refused 4: `typedef` is not part of our MQL
#property strict

typedef int Number;

void OnTick()
{
}
