// refused 3: version "1.00"
#property strict
#property version "1.0.0"

void OnTick()
{
}
