// refused 4: objects are passed by reference
#property strict

void F(MqlTick tick) { }

void OnTick()
{
}
