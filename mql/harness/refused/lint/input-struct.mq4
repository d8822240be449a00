// refused 5: a simple type or an enum
#property strict

struct Spot { int x; };
input Spot InpX = 1;

void OnTick()
{
}
