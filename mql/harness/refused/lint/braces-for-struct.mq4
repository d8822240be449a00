// refused 5: use ZeroMemory
#property strict

struct Point { int x; };
Point origin = {0};

void OnTick()
{
}
