// refused 8: it stands only in a method
#property strict

class CThing { int m_x; };

void OnTick()
{
   CThing::Run();
}
