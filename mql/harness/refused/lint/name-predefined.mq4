// refused 4: `Point` is a predefined variable of MQL4
#property strict

struct Point { int x; };

void OnTick()
{
}
