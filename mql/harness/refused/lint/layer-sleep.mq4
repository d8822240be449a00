// refused 7: `Sleep` is called in Wait.mqh only
// as mql/Include/TickPipe/Line.mqh
#property strict

void OnTick()
{
   Sleep(1);
}
