// refused 6: cannot convert
#property strict

int OnInit()
  {
   return "ready";
  }
