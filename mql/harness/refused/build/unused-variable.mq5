// refused 6: unused variable
#property strict

void OnTick()
  {
   int count = 1;
  }
