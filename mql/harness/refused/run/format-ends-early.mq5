// refused: has the unknown conversion
#property strict

void OnTick()
  {
   PrintFormat("100 %", 5);
  }
