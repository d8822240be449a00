// TickPipe\Wait.mqh: a wait with an end.

// How long a wait looks again at once. An answer comes within a fraction of a millisecond, and `Sleep`
// takes 1 to 16 ms.
#define TICKPIPE_SPIN_US         2000

// A wait that is over after its time, and that does not use the processor for longer than it must.
//
// It is over at its time, and at most one `Sleep(1)` later, which can take 16 ms. In the tester the time
// is `GetTickCount`'s, which goes in steps of up to 16 ms.
class CPipeWait
{
private:
   uint              m_begun_ms;
   ulong             m_begun_us;
   uint              m_limit_ms;
   bool              m_is_tester;

public:
   CPipeWait()
   {
      Begin(0);
   }

   void Begin(const int limit_ms)
   {
      m_begun_ms = GetTickCount();
      m_begun_us = GetMicrosecondCount();
      m_limit_ms = (uint)limit_ms;
      m_is_tester = MQLInfoInteger(MQL_TESTER) != 0;
   }

   bool IsOver() const
   {
      if(!m_is_tester)
         return (ulong)m_limit_ms * 1000 <= GetMicrosecondCount() - m_begun_us;
      // The difference is right when the counter wraps, every 49.7 days.
      return m_limit_ms <= GetTickCount() - m_begun_ms;
   }

   // Stands between two looks. In the tester it waits for nothing: there `Sleep` either returns at once
   // (MQL4) or plays further ticks (MQL5), and neither is a wait.
   void Pause() const
   {
      if(m_is_tester || GetMicrosecondCount() - m_begun_us < TICKPIPE_SPIN_US)
         return;
      Sleep(1);
   }
};
