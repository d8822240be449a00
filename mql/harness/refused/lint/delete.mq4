// refused 9: `delete` is not part of our MQL
#property strict

class CThing { int m_x; };

void OnTick()
{
   CThing thing;
   delete thing;
}
