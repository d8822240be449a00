// refused 4: write `&`
#property strict

void F(int &&x) { }

void OnTick()
{
}
