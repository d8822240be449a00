// refused 4: `inline` is not part of our MQL: leave it out
#property strict

inline int x = 1;

void OnTick()
{
}
