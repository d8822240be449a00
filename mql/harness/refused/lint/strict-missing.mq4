// refused 0: has `#property strict`
#property version "1.00"

void OnTick()
{
}
