// refused 4: `namespace` is not part of our MQL
#property strict

namespace trading { int x; }

void OnTick()
{
}
