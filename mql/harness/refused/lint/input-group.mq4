// refused 4: `input group` is in MQL5 only
#property strict

input group "Connection"

void OnTick()
{
}
