// refused 7: `override` is not part of our MQL
#property strict

class CThing
{
public:
   void Run() override { }
};

void OnTick()
{
}
