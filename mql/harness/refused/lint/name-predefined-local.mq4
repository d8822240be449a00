// refused 6: `Digits` is a predefined variable of MQL4
#property strict

void OnTick()
{
   int Digits = 5;
}
