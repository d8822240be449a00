// refused 7: no matching function
#property strict

void OnTick()
  {
   const int limit = 5;
   Print(MathMin(limit, GetTickCount()));
  }
