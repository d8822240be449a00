// refused: needs a 64-bit value for %I64d
#property strict

void OnTick()
  {
   PrintFormat("%I64d points", 5);
  }
