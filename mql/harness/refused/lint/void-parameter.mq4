// refused 4: a value cannot be `void`
#property strict

void F(void x) { }

void OnTick()
{
}
