// refused 6: `mutable` is not part of our MQL
#property strict

class CThing
{
   mutable int m_x;
};

void OnTick()
{
}
