// refused 3: it has a name and a value
#property strict
#define DEBUG

void OnTick()
{
}
