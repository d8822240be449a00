// refused 7: cannot convert
#property strict

int OnInit()
  {
   const string word = "ready";
   return word;
  }
