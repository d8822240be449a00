// refused 5: an object is handed back by reference
#property strict

struct Point { int x; };
Point F()
{
   Point p;
   p.x = 1;
   return p;
}

void OnTick()
{
}
