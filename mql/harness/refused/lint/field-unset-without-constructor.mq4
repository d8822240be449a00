// refused 7: the constructor does not set `m_count`
#property strict

class CThing
{
private:
   int m_count;
};

void OnTick()
{
}
