// refused: critical zero divide
#property strict

long count = 0;

void OnTick()
  {
   Print(100 % count);
  }
