// refused: needs a string for %s
#property strict

void OnTick()
  {
   PrintFormat("%s points", 5);
  }
