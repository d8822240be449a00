// refused 7: division by zero
#property strict

void OnTick()
  {
   int count = 5;
   Print(count / 0);
   count++;
  }
