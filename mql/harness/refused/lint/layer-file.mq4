// refused 7: `FileClose` is called in Article.mq4
// as mql/Include/TickPipe/Line.mqh
#property strict

void OnTick()
{
   FileClose(1);
}
