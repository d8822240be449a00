// TickPipe\Display.mqh: what the trader sees of a client, on the chart and in the log.

#include <TickPipe\Line.mqh>

enum ENUM_ANSWER_PLACE
{
   ANSWER_CHART_AND_LOG = 0, // chart and log
   ANSWER_CHART = 1,         // chart
   ANSWER_LOG = 2,           // log
   ANSWER_NOWHERE = 3        // nowhere
};

// Lines in the log in a minute, answers aside. A server that comes and goes must not fill the disk.
#define TICKPIPE_LOG_LINES_MAX   10

// Shows answers where they are wanted, and troubles in both places: on the chart always, in the log when
// they change.
class CLineDisplay
{
private:
   ENUM_ANSWER_PLACE m_place;
   // The code of the trouble that was shown last.
   string            m_code;
   uint              m_minute_ms;
   int               m_logged;
   int               m_held_back;

   void Log(const string text)
   {
      const uint now_ms = GetTickCount();
      if(60000 <= now_ms - m_minute_ms)
      {
         if(0 < m_held_back)
            Print(m_held_back, " messages were held back");
         m_minute_ms = now_ms;
         m_logged = 0;
         m_held_back = 0;
      }
      if(m_logged < TICKPIPE_LOG_LINES_MAX)
         Print(text);
      else
         m_held_back++;
      m_logged++;
   }

public:
   CLineDisplay()
   {
      m_place = ANSWER_CHART_AND_LOG;
      m_code = "";
      m_minute_ms = 0;
      m_logged = 0;
      m_held_back = 0;
   }

   void Begin(const ENUM_ANSWER_PLACE place)
   {
      m_place = place;
      m_code = "";
   }

   void Answer(const string request, const string answer)
   {
      m_code = "";
      if(m_place == ANSWER_CHART_AND_LOG || m_place == ANSWER_LOG)
         Print(request, " -> ", answer);
      if(m_place == ANSWER_CHART_AND_LOG || m_place == ANSWER_CHART)
         Comment(request, " -> ", answer);
   }

   // Why the last line has no answer.
   void Failure(const string request, const CLineClient &line_client)
   {
      const string shown = request + ": " + line_client.LastError();
      if(line_client.LastCode() != m_code)
         Log(shown);
      m_code = line_client.LastCode();
      Comment(shown);
   }

   // What happened to the connection since the last call.
   void News(CLineClient &line_client)
   {
      string news;
      if(!line_client.News(news))
         return;
      Log(news);
      Comment(news);
   }
};
