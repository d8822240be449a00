// refused 8: no matching function for call to
#property strict

int values[4];

void OnTick()
  {
   PrintFormat("%d", values);
  }
