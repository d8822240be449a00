// refused: critical zero divide
#property strict

void OnStart()
  {
   const int count = StringLen("");
   Print(100 / count);
  }
