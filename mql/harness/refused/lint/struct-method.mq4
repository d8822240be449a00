// refused 7: a struct has fields only
#property strict

struct Spot
{
   int x;
   int Twice() { return x + x; }
};

void OnTick()
{
}
