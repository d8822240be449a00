// refused 4: `volatile` is not part of our MQL: leave it out
#property strict

volatile int x = 1;

void OnTick()
{
}
