// refused 7: `StringTrimRight` differs between MQL4 and MQL5
#property strict

void OnTick()
{
   string s = " x";
   StringTrimRight(s);
}
