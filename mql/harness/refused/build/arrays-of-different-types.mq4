// refused 9: no matching function for call to
#property strict

int values[4];
double prices[4];

void OnTick()
  {
   Print(ArrayCopy(prices, values));
  }
