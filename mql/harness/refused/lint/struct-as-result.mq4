// refused 5: an object is handed back by reference
#property strict

struct Spot { int x; };
Spot F()
{
   Spot p;
   p.x = 1;
   return p;
}

void OnTick()
{
}
