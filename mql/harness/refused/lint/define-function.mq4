// refused 3: write a function
#property strict
#define TWICE(x) (x + x)

void OnTick()
{
}
