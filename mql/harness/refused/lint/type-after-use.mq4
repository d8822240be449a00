// refused 4: is no type that is declared above its use
#property strict

Spot origin;

struct Spot { int x; };

void OnTick()
{
}
