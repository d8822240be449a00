// refused 5: a constant is `NAME`
// as mql/Include/TickPipe/Line.mqh
#property strict

#define LineMax 10

void OnTick()
{
}
