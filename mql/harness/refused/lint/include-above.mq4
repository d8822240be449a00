// refused 3: without `..`
#property strict
#include "..\..\accepted\Double.mqh"

void OnTick()
{
}
