// refused 3: a macro is a constant
#property strict
#define NOW (GetTickCount())

void OnTick()
{
}
