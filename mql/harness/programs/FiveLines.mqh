// The five lines of README.md and docs/mql.md; a test sees that they are the same.

#include <TickPipe\Line.mqh>
CLineClient client;
int  OnInit()  { return client.Connect("TestPipe") ? INIT_SUCCEEDED : INIT_FAILED; }
void OnTimer() { string reply; client.Poll(reply); }
void OnTick()  { string answer; if(client.Ask(DoubleToString(SymbolInfoDouble(_Symbol, SYMBOL_BID)), answer, 1500)) Comment(answer); else Comment(client.LastError()); }
