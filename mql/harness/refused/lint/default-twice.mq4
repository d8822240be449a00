// refused 9: stands in the class
#property strict

class CThing
{
public:
   void Run(const int x = 1);
};
void CThing::Run(const int x = 1) { }

void OnTick()
{
}
