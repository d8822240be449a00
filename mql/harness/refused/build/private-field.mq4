// refused 28: is private within this context
#property strict

class CCounter
  {
private:
   int m_count;

public:
   CCounter();
   int Count() const;
  };

CCounter::CCounter()
  {
   m_count = 0;
  }

int CCounter::Count() const
  {
   return m_count;
  }

CCounter counter;

void OnTick()
  {
   Print(counter.m_count);
  }
