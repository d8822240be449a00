// refused 6: `IsTesting` is a function of MQL4 only
#property strict

void OnTick()
{
   if(IsTesting())
      Print("x");
}
