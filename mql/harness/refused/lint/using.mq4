// refused 4: `using` is not part of our MQL
#property strict

using Number = int;

void OnTick()
{
}
