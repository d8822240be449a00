// refused 6: use_DoubleToString_for_a_double
#property strict

void OnTick()
  {
   Print("bid " + SymbolInfoDouble(_Symbol, SYMBOL_BID));
  }
