// refused 5: use ZeroMemory
#property strict

struct Spot { int x; };
Spot origin = {0};

void OnTick()
{
}
