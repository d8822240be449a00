// refused 5: pointers are not part of our MQL
#property strict

class CThing { int m_x; };
void F(CThing *thing) { }

void OnTick()
{
}
