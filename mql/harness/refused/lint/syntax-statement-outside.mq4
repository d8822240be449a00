// refused 4: is no type that is declared above
#property strict

Print("x");

void OnTick()
{
}
