// refused 7: assignment of read-only variable
#property strict

void OnTick()
  {
   const int count = 1;
   count = 2;
   Print(count);
  }
