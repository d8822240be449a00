// refused 9: only simple types and enums
#property strict

struct Point { int x; };

void OnTick()
{
   Point p;
   Point q = (Point)p;
}
