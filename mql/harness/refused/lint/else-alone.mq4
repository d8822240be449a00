// refused 3: there is no `#ifdef` before it
#property strict
#else

void OnTick()
{
}
