// refused 9: shadows a previous local
#property strict

void OnTick()
  {
   int count = 1;
   if(0 < count)
     {
      int count = 2;
      Print(count);
     }
  }
