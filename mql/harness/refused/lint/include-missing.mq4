// refused 3: there is no `Nothing.mqh`
#property strict
#include "Nothing.mqh"

void OnTick()
{
}
