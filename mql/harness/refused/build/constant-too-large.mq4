// refused 6: overflow in conversion
#property strict

void OnTick()
  {
   const int count = 5000000000;
   Print(count);
  }
