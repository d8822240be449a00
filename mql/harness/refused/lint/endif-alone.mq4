// refused 3: there is no `#ifdef` before it
#property strict
#endif

void OnTick()
{
}
