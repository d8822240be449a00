// refused 5: only Compat.mqh knows
// as mql/Include/TickPipe/Line.mqh
#property strict

#ifdef __MQL4__
int x = 1;
#endif

void OnTick()
{
}
