// refused 10: control reaches end of non-void function
#property strict

int Sign(const int value)
  {
   if(0 < value)
     {
      return 1;
     }
  }

void OnTick()
  {
   Print(Sign(5));
  }
