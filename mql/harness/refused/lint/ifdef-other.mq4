// refused 3: only `__MQL4__` and `__MQL5__`
#property strict
#ifdef DEBUG
#endif

void OnTick()
{
}
