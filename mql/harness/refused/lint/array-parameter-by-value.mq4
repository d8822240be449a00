// refused 4: is passed by reference
#property strict

void F(int values[]) { }

void OnTick()
{
}
