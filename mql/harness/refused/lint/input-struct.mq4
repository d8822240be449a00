// refused 5: a simple type or an enum
#property strict

struct Point { int x; };
input Point InpX = 1;

void OnTick()
{
}
