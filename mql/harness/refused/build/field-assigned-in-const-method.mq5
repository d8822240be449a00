// refused 21: read-only object
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
   m_count++;
   return m_count;
  }

CCounter counter;

void OnTick()
  {
   Print(counter.Count());
  }
