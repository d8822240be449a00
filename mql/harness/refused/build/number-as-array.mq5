// refused 8: no matching function for call to
#property strict

int value = 4;

void OnTick()
  {
   Print(ArraySize(value));
  }
