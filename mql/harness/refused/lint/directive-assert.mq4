// refused 3: `#assert` is not part of our MQL: allowed: #define
#property strict
#assert x

void OnTick()
{
}
