// refused 8: a loop counts a simple type
#property strict

struct Point { int x; };

void OnTick()
{
   for(Point p; true;)
      break;
}
