// refused 4: only `#ifdef
#property strict
#ifdef __MQL5__
#if 1
#endif
#endif

void OnTick()
{
}
