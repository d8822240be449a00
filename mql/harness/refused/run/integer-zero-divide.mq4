// refused: critical zero divide
#property strict

int count = 0;

void OnTick()
  {
   Print(100 / count);
  }
