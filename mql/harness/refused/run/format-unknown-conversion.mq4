// refused: has the unknown conversion %q
#property strict

void OnTick()
  {
   PrintFormat("%q points", 5);
  }
