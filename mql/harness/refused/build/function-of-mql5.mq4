// refused 6: was not declared in this scope
#property strict

void OnTick()
  {
   Print(GetTickCount64());
  }
