// refused 3: found `int`
#property strict
#define NUMBER int

void OnTick()
{
}
