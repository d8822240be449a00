// refused 8: `offsetof` is not part of our MQL
#property strict

struct Point { int x; };

void OnTick()
{
   int i = offsetof(Point, x);
}
