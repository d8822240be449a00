// refused: has a 64-bit value for %d
#property strict

void OnTick()
  {
   PrintFormat("%d at the start", TimeCurrent());
  }
