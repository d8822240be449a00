// TickPipeLine: sends a line of your own making for each tick, and shows the answer.
//
// What a line is made of is the template: text, and in braces what the tick or the chart says. Trades
// nothing.

#include <TickPipe\Display.mqh>
#include <TickPipe\Line.mqh>
#include <TickPipe\Template.mqh>

input string            InpPipe = "TestPipe";                         // Pipe: the name that tickpipe serves
input string            InpTemplate = "{symbol} {time} {bid} {ask}";  // Line for each tick
input int               InpTimeoutMs = 1500;                          // Longest wait for an answer, milliseconds
input ENUM_ANSWER_PLACE InpAnswer = ANSWER_CHART_AND_LOG;             // Where answers are shown

CLineClient client;
CLineDisplay    display;
CLineTemplate   line_of;

int OnInit()
{
   display.Begin(InpAnswer);
   if(!line_of.Parse(InpTemplate))
   {
      Print(line_of.Error());
      return INIT_PARAMETERS_INCORRECT;
   }
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
   const string line = line_of.Line(tick);
   string answer;
   const bool is_answered = client.Ask(line, answer, InpTimeoutMs);
   display.News(client);
   if(is_answered)
      display.Answer(line, answer);
   else
      display.Failure(line, client);
}

void OnDeinit(const int reason)
{
   client.Close();
   Print(client.Summary());
   Comment("");
}
