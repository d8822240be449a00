// refused 7: 5016 is a write error in MQL4
// as mql/Include/TickPipe/Line.mqh
#property strict

void OnTick()
{
   if(GetLastError() == 5016)
      Print("x");
}
