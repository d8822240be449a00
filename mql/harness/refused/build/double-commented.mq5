// refused 6: use_DoubleToString_for_a_double
#property strict

void OnTick()
  {
   Comment(1.5);
  }
