// refused 8: `offsetof` is not part of our MQL
#property strict

struct Spot { int x; };

void OnTick()
{
   int i = offsetof(Spot, x);
}
