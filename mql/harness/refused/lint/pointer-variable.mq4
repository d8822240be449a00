// refused 5: pointers are not part of our MQL
#property strict

class CThing { int m_x; };
CThing *thing;

void OnTick()
{
}
