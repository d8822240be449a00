// refused 8: has no member named
#property strict

void OnTick()
  {
   MqlTick tick;
   if(SymbolInfoTick(_Symbol, tick))
      Print(tick.time_msc);
  }
