// refused 3: an include is `#include <
#property strict
#include Double.mqh

void OnTick()
{
}
