// refused 7: no match for
#property strict

void OnTick()
  {
   const string line = "5";
   if(line == 5)
      Print(line);
  }
