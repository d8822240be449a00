// refused: critical zero divide
#property strict

double spread = 0.0;

void OnTick()
  {
   const double ratio = SymbolInfoDouble(_Symbol, SYMBOL_BID) / spread;
   Print(DoubleToString(ratio, 2));
  }
