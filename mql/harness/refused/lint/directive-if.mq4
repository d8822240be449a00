// refused 3: `#if` is not part of our MQL: only `#ifdef
#property strict
#if 1

void OnTick()
{
}
