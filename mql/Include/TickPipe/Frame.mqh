// TickPipe\Frame.mqh: bytes cut into lines. Knows no pipe, and not what a line means.

#include <TickPipe\Constants.mqh>
#include <TickPipe\Utf8.mqh>

enum ENUM_PIPE_FRAME
{
   // No whole line is there yet.
   PIPE_FRAME_NONE = 0,
   PIPE_FRAME_LINE = 1,
   // What has come is no line that tickpipe sends; where the next one begins cannot be known.
   PIPE_FRAME_TOO_LONG = 2,
   PIPE_FRAME_NUL = 3,
   PIPE_FRAME_NOT_UTF8 = 4
};

// Keeps what has come of a line until its end comes too.
class CPipeFrame
{
private:
   uchar             m_bytes[];
   // What has been taken ends at `m_start`, what has been searched for a line feed at `m_seen`.
   int               m_start;
   int               m_seen;
   int               m_end;

   // Gives back the room of what has been taken. `ArrayCopy` is not for one array onto itself.
   void MoveToFront()
   {
      for(int i = m_start; i < m_end; i++)
         m_bytes[i - m_start] = m_bytes[i];
      m_seen -= m_start;
      m_end -= m_start;
      m_start = 0;
   }

   // Returns where the next line feed is; -1 if there is none.
   int FindLineFeed()
   {
      while(m_seen < m_end)
      {
         if(m_bytes[m_seen] == '\n')
            return m_seen;
         m_seen++;
      }
      return -1;
   }

   // Whether one of the line's bytes is zero: MQL's strings would end there.
   bool HasZero(const int count) const
   {
      for(int i = 0; i < count; i++)
      {
         if(m_bytes[m_start + i] == 0)
            return true;
      }
      return false;
   }

public:
   CPipeFrame()
   {
      Clear();
   }

   void Clear()
   {
      m_start = 0;
      m_seen = 0;
      m_end = 0;
   }

   bool IsEmpty() const
   {
      return m_start == m_end;
   }

   void Append(const uchar &bytes[], const int count)
   {
      if(IsEmpty())
         Clear();
      if(ArraySize(m_bytes) < m_end + count)
         MoveToFront();
      if(ArraySize(m_bytes) < m_end + count)
         ArrayResize(m_bytes, m_end + count, TICKPIPE_REPLY_LEN_MAX);
      ArrayCopy(m_bytes, bytes, m_end, 0, count);
      m_end += count;
   }

   // Takes the next whole line, without its end.
   ENUM_PIPE_FRAME Take(string &line)
   {
      const int feed = FindLineFeed();
      int count = (feed < 0 ? m_end : feed) - m_start;
      if(feed < 0)
      {
         // A carriage return may be the last of them.
         return TICKPIPE_REPLY_LEN_MAX + 1 < count ? PIPE_FRAME_TOO_LONG : PIPE_FRAME_NONE;
      }
      if(0 < count && m_bytes[feed - 1] == '\r')
         count--;
      if(TICKPIPE_REPLY_LEN_MAX < count)
         return PIPE_FRAME_TOO_LONG;
      if(HasZero(count))
         return PIPE_FRAME_NUL;
      if(!PipeIsUtf8(m_bytes, m_start, count))
         return PIPE_FRAME_NOT_UTF8;
      line = PipeUtf8ToText(m_bytes, m_start, count);
      m_start = feed + 1;
      m_seen = m_start;
      return PIPE_FRAME_LINE;
   }
};
