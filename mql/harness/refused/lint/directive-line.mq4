// refused 3: `#line` is not part of our MQL: leave it out
#property strict
#line 7

void OnTick()
{
}
