// refused 3: a macro is a constant
#property strict
#define SET (x = 1)

void OnTick()
{
}
