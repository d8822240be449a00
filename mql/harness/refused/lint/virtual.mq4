// refused 7: `virtual` is not part of our MQL
#property strict

class CThing
{
public:
   virtual void Run() { }
};

void OnTick()
{
}
