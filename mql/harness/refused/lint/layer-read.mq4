// refused 7: `FileReadString` is called in Article.mq4 only
// as mql/Include/TickPipe/Transport.mqh
#property strict

void OnTick()
{
   string s = FileReadString(1, 1);
}
