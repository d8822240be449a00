// refused 7: `= 0`
#property strict

class CThing
{
public:
   void Run() = 0;
};

void OnTick()
{
}
