// TickPipeDouble: sends the Bid of each tick to a program and shows its answer.
//
// The program is `tickpipe serve double`, which answers with twice the price, or any other that answers
// a line with a line. Trades nothing.

#include <TickPipe\Display.mqh>
#include <TickPipe\Line.mqh>

input string            InpPipe = "TestPipe";             // Pipe: the name that tickpipe serves
input int               InpTimeoutMs = 1500;              // Longest wait for an answer, milliseconds
input ENUM_ANSWER_PLACE InpAnswer = ANSWER_CHART_AND_LOG; // Where answers are shown

CLineClient client;
CLineDisplay    display;

int OnInit()
{
   display.Begin(InpAnswer);
   if(client.Connect(InpPipe))
      return INIT_SUCCEEDED;
   Print(client.LastError());
   return INIT_PARAMETERS_INCORRECT;
}

void OnTimer()
{
   string reply;
   client.Poll(reply);
   display.News(client);
}

void OnTick()
{
   MqlTick tick;
   if(!SymbolInfoTick(_Symbol, tick))
      return;
   const string bid = DoubleToString(tick.bid);
   string answer;
   const bool is_answered = client.Ask(bid, answer, InpTimeoutMs);
   display.News(client);
   if(is_answered)
      display.Answer(bid, answer);
   else
      display.Failure(bid, client);
}

void OnDeinit(const int reason)
{
   client.Close();
   Print(client.Summary());
   Comment("");
}
