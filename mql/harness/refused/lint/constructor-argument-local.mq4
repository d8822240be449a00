// refused 8: without arguments
#property strict

class CThing { int m_x; };

void OnTick()
{
   CThing thing(1);
}
