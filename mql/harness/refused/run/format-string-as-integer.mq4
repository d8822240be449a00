// refused: needs an integer for %d
#property strict

void OnTick()
  {
   PrintFormat("%d points", "five");
  }
