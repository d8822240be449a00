// refused 3: `#error` is not part of our MQL: leave it out
#property strict
#error "no"

void OnTick()
{
}
