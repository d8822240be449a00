// refused 9: comparison of integer expressions of different signedness
#property strict

void OnTick()
  {
   const uint begin = GetTickCount();
   int limit = 5;
   limit++;
   if(limit < begin)
      Print("late");
  }
