// refused 6: `protected` is not part of our MQL
#property strict

class CThing
{
protected:
   int m_x;
};

void OnTick()
{
}
