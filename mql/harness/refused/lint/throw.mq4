// refused 6: `throw` is not part of our MQL
#property strict

void OnTick()
{
   throw 1;
}
