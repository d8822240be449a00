// refused 6: set it in the constructor
#property strict

class CThing
{
   int m_x = 1;
};

void OnTick()
{
}
