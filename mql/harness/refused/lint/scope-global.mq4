// refused 6: `::` is not part of our MQL
#property strict

void OnTick()
{
   ::Print("x");
}
