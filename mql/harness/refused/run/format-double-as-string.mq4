// refused: needs a string for %s
#property strict

void OnTick()
  {
   Print(StringFormat("%s points", 1.5));
  }
