// TickPipe\Owed.mqh: which replies the server still owes, in the order they will come.
//
// Replies carry no number. Each line is answered by exactly one, in order, so the reply that comes next
// belongs to the oldest line without one. That is all there is to know whose reply it is.

// Lines that may wait for their replies at once, and their bytes together. All of them fit in a quarter
// of a server's buffer, so that no write of ours has to wait for the server to read.
#define TICKPIPE_OWED_MAX        64
#define TICKPIPE_OWED_BYTES_MAX  65536

enum ENUM_PIPE_OWED
{
   // No reply is owed: a line that comes now was not asked for.
   PIPE_OWED_NOTHING = 0,
   // Somebody waits for it.
   PIPE_OWED_ASKED = 1,
   // Somebody waited for it, and went away: it is thrown away when it comes.
   PIPE_OWED_LATE = 2,
   // Nobody waits for it: it is kept until it is polled.
   PIPE_OWED_SENT = 3
};

class CPipeOwed
{
private:
   ENUM_PIPE_OWED         m_kinds[TICKPIPE_OWED_MAX];
   int               m_bytes[TICKPIPE_OWED_MAX];
   // When the reply should have come, in milliseconds of `GetTickCount`.
   uint              m_due_ms[TICKPIPE_OWED_MAX];
   int               m_first;
   int               m_count;
   int               m_bytes_total;

   int Last() const
   {
      return (m_first + m_count - 1) % TICKPIPE_OWED_MAX;
   }

public:
   CPipeOwed()
   {
      Clear();
   }

   void Clear()
   {
      m_first = 0;
      m_count = 0;
      m_bytes_total = 0;
   }

   bool IsEmpty() const
   {
      return m_count == 0;
   }

   // Whether a further line may be sent, with `kept` replies that were not taken yet.
   bool HasRoom(const int bytes, const int kept) const
   {
      return m_count + kept < TICKPIPE_OWED_MAX && m_bytes_total + bytes <= TICKPIPE_OWED_BYTES_MAX;
   }

   void Push(const ENUM_PIPE_OWED kind, const int bytes, const uint due_ms)
   {
      m_count++;
      const int last = Last();
      m_kinds[last] = kind;
      m_bytes[last] = bytes;
      m_due_ms[last] = due_ms;
      m_bytes_total += bytes;
   }

   // Gives up waiting for the reply that was pushed last.
   void MakeLate(const uint due_ms)
   {
      const int last = Last();
      m_kinds[last] = PIPE_OWED_LATE;
      m_due_ms[last] = due_ms;
   }

   // What the next reply is.
   ENUM_PIPE_OWED Next() const
   {
      return m_count == 0 ? PIPE_OWED_NOTHING : m_kinds[m_first];
   }

   // Takes note that a reply has come, and says what it is.
   ENUM_PIPE_OWED Pop()
   {
      const ENUM_PIPE_OWED kind = Next();
      if(kind == PIPE_OWED_NOTHING)
         return kind;
      m_bytes_total -= m_bytes[m_first];
      m_first = (m_first + 1) % TICKPIPE_OWED_MAX;
      m_count--;
      return kind;
   }

   // Whether the next reply should have come by now. The difference is right when the counter wraps.
   bool IsOverdue(const uint now_ms) const
   {
      return 0 < m_count && 0 <= (int)(now_ms - m_due_ms[m_first]);
   }
};
