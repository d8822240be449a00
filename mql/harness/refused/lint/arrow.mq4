// refused 9: write `.`
#property strict

struct Spot { int x; };

void OnTick()
{
   Spot p;
   p->x = 1;
}
