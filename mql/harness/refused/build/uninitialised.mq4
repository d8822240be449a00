// refused 7: uninitialized
#property strict

void OnTick()
  {
   int count;
   Print(count);
  }
