// refused: critical array out of range
#property strict

int values[4];

void OnTick()
  {
   int index = StringFind("abc", "x");
   Print(values[index]);
  }
