// refused 7: a struct has fields only
#property strict

struct Point
{
   int x;
   Point() { x = 0; }
};

void OnTick()
{
}
