// refused 3: names a `.mqh` file
#property strict
#include "goto.mq4"

void OnTick()
{
}
