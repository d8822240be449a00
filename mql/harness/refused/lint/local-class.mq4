// refused 6: a type inside a function
#property strict

void OnTick()
{
   class CLocal { int m_x; };
}
