// refused 6: static members
#property strict

class CThing
{
   static int m_count;
};

void OnTick()
{
}
