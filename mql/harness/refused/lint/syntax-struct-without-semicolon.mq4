// refused 6: where `;` should stand
#property strict

struct Point { int x; }

void OnTick()
{
}
