// TickPipe\Backoff.mqh: when the next try is due.

#define TICKPIPE_BACKOFF_MIN_MS  250
#define TICKPIPE_BACKOFF_MAX_MS  1000

// Doubles the pause after each failure, from 250 ms to 1 s, until something succeeded.
class CPipeBackoff
{
private:
   uint              m_failed_ms;
   uint              m_pause_ms;
   uint              m_next_pause_ms;

public:
   CPipeBackoff()
   {
      Reset();
   }

   // Makes the next try due at once.
   void Reset()
   {
      m_failed_ms = 0;
      m_pause_ms = 0;
      m_next_pause_ms = TICKPIPE_BACKOFF_MIN_MS;
   }

   // Makes the next failure's pause the shortest one again.
   void Succeeded()
   {
      m_next_pause_ms = TICKPIPE_BACKOFF_MIN_MS;
   }

   void Failed(const uint now_ms)
   {
      m_failed_ms = now_ms;
      m_pause_ms = m_next_pause_ms;
      m_next_pause_ms = MathMin(2 * m_next_pause_ms, (uint)TICKPIPE_BACKOFF_MAX_MS);
   }

   bool IsDue(const uint now_ms) const
   {
      return m_pause_ms <= now_ms - m_failed_ms;
   }
};
