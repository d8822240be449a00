// refused: needs a double for %.2f
#property strict

void OnTick()
  {
   PrintFormat("%.2f lots", 5);
  }
