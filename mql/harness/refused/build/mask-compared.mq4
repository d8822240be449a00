// refused 7: suggest parentheses around comparison
#property strict

void OnTick()
  {
   const uint count = GetTickCount();
   if(count & 1 == 0)
      Print(count);
  }
