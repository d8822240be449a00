// refused 4: is defined already
#property strict
#define ONE 1
#define ONE 1

void OnTick()
{
}
