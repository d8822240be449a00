// refused 6: `far` is not part of our MQL
#property strict

void OnTick()
{
   int far = 1;
}
