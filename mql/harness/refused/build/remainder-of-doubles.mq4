// refused 6: invalid operands
#property strict

void OnTick()
  {
   const double rest = SymbolInfoDouble(_Symbol, SYMBOL_BID) % 0.5;
   Print(DoubleToString(rest, 5));
  }
