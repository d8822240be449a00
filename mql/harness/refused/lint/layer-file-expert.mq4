// refused 7: `FileFlush` is called in
// as mql/Experts/TickPipe/TickPipeDouble.mqh
#property strict

void OnTick()
{
   FileFlush(1);
}
