// refused: critical array out of range
#property strict

int values[4];

void OnTick()
  {
   ArrayFill(values, 2, 3, 1);
  }
