// refused 5: has no type of its result
#property strict

class CThing { int m_x; };
CThing::Run() { }

void OnTick()
{
}
