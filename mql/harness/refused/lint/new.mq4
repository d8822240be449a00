// refused 8: `new` is not part of our MQL
#property strict

class CThing { int m_x; };

void OnTick()
{
   CThing thing = new CThing();
}
