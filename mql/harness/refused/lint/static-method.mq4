// refused 7: static members
#property strict

class CThing
{
public:
   static void Run() { }
};

void OnTick()
{
}
