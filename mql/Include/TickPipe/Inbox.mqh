// TickPipe\Inbox.mqh: replies that have come and that nobody has taken yet.

#include <TickPipe\Owed.mqh>

class CPipeInbox
{
private:
   string            m_lines[TICKPIPE_OWED_MAX];
   int               m_first;
   int               m_count;

public:
   CPipeInbox()
   {
      m_first = 0;
      m_count = 0;
   }

   void Clear()
   {
      m_first = 0;
      m_count = 0;
   }

   int Count() const
   {
      return m_count;
   }

   // There is room for it: no more lines are sent than replies fit in here.
   void Put(const string line)
   {
      m_lines[(m_first + m_count) % TICKPIPE_OWED_MAX] = line;
      m_count++;
   }

   bool Take(string &line)
   {
      if(m_count == 0)
         return false;
      line = m_lines[m_first];
      m_lines[m_first] = "";
      m_first = (m_first + 1) % TICKPIPE_OWED_MAX;
      m_count--;
      return true;
   }
};
