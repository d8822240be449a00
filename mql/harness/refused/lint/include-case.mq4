// refused 3: the file's name is `Double.mqh`, not `double.mqh`
#property strict
#include <double.mqh>

void OnTick()
{
}
