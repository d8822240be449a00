// refused 4: begins nothing
#property strict

int größe = 1;

void OnTick()
{
}
