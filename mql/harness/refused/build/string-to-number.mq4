// refused 7: cannot convert
#property strict

void OnTick()
  {
   const string line = "1.5";
   const double value = line;
   Print(DoubleToString(value, 1));
  }
