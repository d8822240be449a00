// refused 9: write `.`
#property strict

struct Point { int x; };

void OnTick()
{
   Point p;
   p->x = 1;
}
