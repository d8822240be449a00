// refused 8: shadows a parameter
#property strict

void Say(const int count)
  {
   for(int i = 0; i < 2; i++)
     {
      int count = i;
      Print(count);
     }
  }

void OnTick()
  {
   Say(1);
  }
