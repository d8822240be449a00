// refused 7: always false
#property strict

void OnTick()
  {
   const uint begin = GetTickCount();
   if(begin < 0)
      Print("early");
  }
