// Asks one line of a list at each tick, the last one again when they are used up, and prints what comes.

#include <TickPipe\Line.mqh>

input string InpPipe = "TestPipe";
input string InpLines = "1.10000000"; // Lines, with | between them
input int    InpTimeoutMs = 500;

CLineClient client;
string      lines[];
int         next_line = 0;

int OnInit()
{
   StringSplit(InpLines, '|', lines);
   if(client.Connect(InpPipe))
      return INIT_SUCCEEDED;
   Print(client.LastCode(), ": ", client.LastError());
   return INIT_FAILED;
}

void PrintNews()
{
   string news;
   if(client.News(news))
      Print(news);
}

void OnTimer()
{
   string reply;
   client.Poll(reply);
   PrintNews();
}

void OnTick()
{
   const string line = lines[next_line];
   if(next_line < ArraySize(lines) - 1)
      next_line++;
   string answer;
   const bool is_answered = client.Ask(line, answer, InpTimeoutMs);
   PrintNews();
   if(is_answered)
      Print(line, " -> ", answer);
   else
      Print(line, client.WasSent() ? " was sent, " : " was not sent, ", client.LastCode(), ": ", client.LastError());
}

void OnDeinit(const int reason)
{
   client.Close();
   Print(client.Summary());
}
