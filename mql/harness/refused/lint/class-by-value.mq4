// refused 5: objects are passed by reference
#property strict

class CThing { string m_x; };
void F(CThing thing) { }

void OnTick()
{
}
