// refused 7: call it in Compat.mqh
// as mql/Include/TickPipe/Line.mqh
#property strict

void OnTick()
{
   if(IsTesting())
      Print("x");
}
