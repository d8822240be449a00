// refused 6: use of deleted function
#property strict

void OnTick()
  {
   Print((string)SymbolInfoDouble(_Symbol, SYMBOL_BID));
  }
