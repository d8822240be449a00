// refused 7: the method `CThing::Run` has no body
#property strict

class CThing
{
public:
   void Run();
};

void OnTick()
{
}
