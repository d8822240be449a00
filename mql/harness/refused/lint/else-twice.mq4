// refused 5: there is no `#ifdef` before it
#property strict
#ifdef __MQL4__
#else
#else
#endif

void OnTick()
{
}
