// refused 3: `#property stacksize 100` is not part of our MQL
#property strict
#property stacksize 100

void OnTick()
{
}
