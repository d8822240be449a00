// refused 9: the constructor does not set `m_count`
#property strict

class CThing
{
private:
   string m_name;
   int m_limit;
   int m_count;

public:
   CThing() { Reset(); }
   void Reset() { m_limit = 1; m_count += 1; }
};

void OnTick()
{
}
