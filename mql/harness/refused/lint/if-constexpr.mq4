// refused 6: `constexpr` is not part of our MQL
#property strict

void OnTick()
{
   if constexpr(true)
      Print("x");
}
