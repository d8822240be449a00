// refused 9: only simple types and enums
#property strict

struct Spot { int x; };

void OnTick()
{
   Spot p;
   Spot q = (Spot)p;
}
