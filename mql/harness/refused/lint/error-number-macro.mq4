// refused 5: 5016 is a write error in MQL4
// as mql/Include/TickPipe/Line.mqh
#property strict

#define WRITE_ERROR 5016

void OnTick()
{
   if(GetLastError() == WRITE_ERROR)
      Print("x");
}
