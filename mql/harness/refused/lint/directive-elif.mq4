// refused 3: `#elif` is not part of our MQL: only `#ifdef
#property strict
#elif 1

void OnTick()
{
}
