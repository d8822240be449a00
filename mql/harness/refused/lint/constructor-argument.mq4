// refused 5: without arguments
#property strict

class CThing { int m_x; };
CThing thing(1);

void OnTick()
{
}
