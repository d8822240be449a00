// refused 5: make it a field
#property strict

class CBase { int m_x; };
class CThing : public CBase { int m_y; };

void OnTick()
{
}
