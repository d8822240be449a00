// refused: critical string index out of range
#property strict

void OnTick()
  {
   const string line = "abc";
   Print(line[3]);
  }
