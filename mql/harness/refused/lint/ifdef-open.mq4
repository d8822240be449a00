// refused 3: there is no `#endif`
#property strict
#ifdef __MQL4__

void OnTick()
{
}
