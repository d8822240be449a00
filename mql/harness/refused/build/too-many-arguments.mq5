// refused 6: too many arguments to function
#property strict

void OnTick()
  {
   Print(StringLen("abc", 1));
  }
