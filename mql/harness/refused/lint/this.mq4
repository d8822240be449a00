// refused 9: `this` is not part of our MQL
#property strict

class CThing
{
private:
   int m_x;
public:
   void Set(const int x) { this.m_x = x; }
};

void OnTick()
{
}
