// refused 3: where the end of the constant should stand
#property strict
#define STOP 1;

void OnTick()
{
}
