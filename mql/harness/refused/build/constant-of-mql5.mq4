// refused 6: was not declared in this scope
#property strict

void OnTick()
  {
   Print(ERR_CANNOT_OPEN_FILE);
  }
