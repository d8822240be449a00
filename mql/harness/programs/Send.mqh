// Sends a number at each tick and waits for nothing; prints the replies as the timer finds them.

#include <TickPipe\Line.mqh>

input string InpPipe = "TestPipe";
input string InpAsk = "";      // Asked after each sent line, if it is not empty
input int    InpTimeoutMs = 500;

CLineClient client;
int         sent = 0;

int OnInit()
{
   return client.Connect(InpPipe) ? INIT_SUCCEEDED : INIT_FAILED;
}

void OnTimer()
{
   string reply;
   while(client.Poll(reply))
      Print("polled ", reply, " ", client.LastCode());
   string news;
   if(client.News(news))
      Print(news);
}

void OnTick()
{
   sent++;
   if(!client.Send(IntegerToString(sent)))
      Print(sent, " not sent, ", client.LastCode(), ": ", client.LastError());
   if(StringLen(InpAsk) == 0)
      return;
   string answer;
   if(client.Ask(InpAsk, answer, InpTimeoutMs))
      Print("asked ", InpAsk, " -> ", answer);
   else
      Print("asked ", InpAsk, ", ", client.LastCode(), ": ", client.LastError());
}

void OnDeinit(const int reason)
{
   client.Close();
   Print(client.Summary());
}
