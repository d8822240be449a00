// refused 11: assign in the body
#property strict

class CThing
{
private:
   int m_x;
public:
   CThing();
};
CThing::CThing() : m_x(1) { }

void OnTick()
{
}
