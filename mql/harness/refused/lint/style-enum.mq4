// refused 5: an enum is `ENUM_NAME`
// as mql/Include/TickPipe/Line.mqh
#property strict

enum State { STATE_ONE = 1 };

void OnTick()
{
}
