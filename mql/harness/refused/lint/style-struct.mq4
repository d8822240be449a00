// refused 5: a struct is `Name`
// as mql/Include/TickPipe/Line.mqh
#property strict

struct point { int x; };

void OnTick()
{
}
