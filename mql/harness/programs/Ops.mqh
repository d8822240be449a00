// Does the things of a list at each tick, and prints what came of each and what was counted.
//
// Things of one tick have `+` between them: `ask MS TEXT`, `send TEXT`, `poll`, `pump N` (polls N times),
// `connect PIPE`, `optimize PIPE` (with leave to), `close`, `timers` (whether one came since the last). In a text `#N#` stands for N times x, `#lf#` for a line feed.

#include <TickPipe\Line.mqh>

input string InpPipe = "TestPipe";
input string InpOps = "";   // Things, with | between ticks and + between things of one tick
input int    InpTimerPolls = 0; // How often OnTimer polls while connected

CLineClient client;
string      ticks[];
int         next_tick = 0;
int         timers = 0;

int OnInit()
{
   StringSplit(InpOps, '|', ticks);
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

void PollOnce(const bool is_loud)
{
   string reply;
   if(client.Poll(reply))
      Print("polled ", StringSubstr(reply, 0, 40), " (", StringLen(reply), ") code `", client.LastCode(), "`");
   else if(is_loud)
      Print("polled nothing, code `", client.LastCode(), "`");
   PrintNews();
}

void OnTimer()
{
   timers++;
   for(int i = 0; i < InpTimerPolls; i++)
      PollOnce(false);
   if(InpTimerPolls == 0 && client.State() == LINK_WAITING)
      PollOnce(false);
}

string Expand(const string text)
{
   const int begin = StringFind(text, "#");
   if(begin < 0)
      return text;
   const int end = StringFind(text, "#", begin + 1);
   if(StringSubstr(text, begin + 1, end - begin - 1) == "lf")
      return "a\nb";
   const int count = (int)StringToInteger(StringSubstr(text, begin + 1, end - begin - 1));
   string many = "";
   for(int i = 0; i < count; i++)
      many += "x";
   return PipeTextPart(text, 0, begin) + many;
}

void Do(const string what)
{
   string words[];
   StringSplit(what, ' ', words);
   bool is_good = true;
   string answer = "";
   if(words[0] == "ask")
   {
      const string text = Expand(StringSubstr(what, 5 + StringLen(words[1])));
      is_good = client.Ask(text, answer, (int)StringToInteger(words[1]));
   }
   else if(words[0] == "send")
   {
      is_good = client.Send(Expand(StringSubstr(what, 5)));
   }
   else if(words[0] == "poll")
   {
      PollOnce(true);
      return;
   }
   else if(words[0] == "pump")
   {
      for(int i = 0; i < (int)StringToInteger(words[1]); i++)
         PollOnce(false);
      return;
   }
   else if(words[0] == "timers")
   {
      Print(timers == 0 ? "no timer came" : "the timer came");
      timers = 0;
      return;
   }
   else if(words[0] == "connect")
   {
      is_good = client.Connect(words[1]);
   }
   else if(words[0] == "optimize")
   {
      client.AllowOptimization();
      is_good = client.Connect(words[1]);
   }
   else if(words[0] == "close")
   {
      client.Close();
   }
   PrintNews();
   Print(StringSubstr(what, 0, 30), is_good ? " good" : " bad", " `", StringSubstr(answer, 0, 40), "` code `", client.LastCode(), "` sent ", client.WasSent(), " again ", client.IsRetryable(), client.IsUnknown() ? " unknown" : "");
}

void OnTick()
{
   if(ArraySize(ticks) <= next_tick)
      return;
   string things[];
   const int count = StringSplit(ticks[next_tick], '+', things);
   next_tick++;
   for(int i = 0; i < count; i++)
      Do(things[i]);
}

void OnDeinit(const int reason)
{
   client.Close();
   Print("deinit: ", client.Summary());
}
