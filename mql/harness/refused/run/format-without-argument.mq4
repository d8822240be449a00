// refused: has no argument for %s
#property strict

void OnTick()
  {
   PrintFormat("%d of %s", 5);
  }
