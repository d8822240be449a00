// refused: leaves 1 arguments over
#property strict

void OnTick()
  {
   PrintFormat("%d points", 5, "more");
  }
