// refused 7: has no parameters
#property strict

class CThing
{
public:
   CThing(const int x) { }
};

void OnTick()
{
}
