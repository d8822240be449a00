// refused 7: `StringTrimLeft` differs between MQL4 and MQL5
#property strict

void OnTick()
{
   string s = " x";
   StringTrimLeft(s);
}
