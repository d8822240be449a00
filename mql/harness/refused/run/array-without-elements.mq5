// refused: critical array out of range
#property strict

double values[];

void OnTick()
  {
   Print(ArraySize(values));
   values[0] = 1;
  }
