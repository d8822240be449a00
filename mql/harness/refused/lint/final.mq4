// refused 4: `final` is not part of our MQL
#property strict

class CThing final { int m_x; };

void OnTick()
{
}
