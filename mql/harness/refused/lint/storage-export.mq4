// refused 4: `export` is not part of our MQL: leave it out
#property strict

export int x = 1;

void OnTick()
{
}
