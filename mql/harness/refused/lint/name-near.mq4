// refused 6: `near` is not part of our MQL
#property strict

void OnTick()
{
   int near = 1;
}
