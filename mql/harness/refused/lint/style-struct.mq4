// refused 5: a struct is `Name`
// as mql/Include/TickPipe/Line.mqh
#property strict

struct spot { int x; };

void OnTick()
{
}
