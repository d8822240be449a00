// refused 7: suggest parentheses around assignment
#property strict

void OnTick()
  {
   int count = 1;
   if(count = 2)
      Print(count);
  }
