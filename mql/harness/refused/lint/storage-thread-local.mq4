// refused 4: `thread_local` is not part of our MQL: leave it out
#property strict

thread_local int x = 1;

void OnTick()
{
}
