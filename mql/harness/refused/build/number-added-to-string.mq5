// refused 7: use_IntegerToString_for_a_number
#property strict

void OnTick()
  {
   const int count = 5;
   Print("count " + count);
  }
