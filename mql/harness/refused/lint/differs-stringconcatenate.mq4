// refused 7: `StringConcatenate` differs between MQL4 and MQL5
#property strict

void OnTick()
{
   string s = " x";
   StringConcatenate(s);
}
