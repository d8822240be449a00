// refused 4: is no type that is declared above
#property strict

CThing::CThing() { }

void OnTick()
{
}
