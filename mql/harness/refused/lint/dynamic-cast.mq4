// refused 9: `dynamic_cast` is not part
#property strict

class CThing { int m_x; };

void OnTick()
{
   CThing thing;
   dynamic_cast<CThing *>(thing);
}
