// refused 6: where `;` should stand
#property strict

struct Spot { int x; }

void OnTick()
{
}
