// refused 8: shadows a global declaration
#property strict

int count = 1;

void OnTick()
  {
   int count = 2;
   Print(count);
  }

void OnTimer()
  {
   Print(count);
  }
