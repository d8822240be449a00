// refused 5: an input is `InpName`
// as mql/Experts/TickPipe/TickPipeDouble.mqh
#property strict

input int Timeout = 1;

void OnTick()
{
}
