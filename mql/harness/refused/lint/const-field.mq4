// refused 6: a field cannot be `const`
#property strict

class CThing
{
   const int m_x;
};

void OnTick()
{
}
