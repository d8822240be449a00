// refused 7: `explicit` is not part of our MQL
#property strict

class CThing
{
public:
   explicit CThing() { }
};

void OnTick()
{
}
