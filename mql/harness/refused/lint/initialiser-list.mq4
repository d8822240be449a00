// refused 9: assign in the body
#property strict

class CThing
{
private:
   int m_x;
public:
   CThing() : m_x(1) { }
};

void OnTick()
{
}
