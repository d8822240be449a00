// refused 7: a struct has fields only
#property strict

struct Spot
{
   int x;
   Spot() { x = 0; }
};

void OnTick()
{
}
