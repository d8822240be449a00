// refused 5: a function is `Name`
// as mql/Include/TickPipe/Line.mqh
#property strict

int twice(const int x) { return x + x; }

void OnTick()
{
}
