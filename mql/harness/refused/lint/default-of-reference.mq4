// refused 4: has no default value
#property strict

void F(int &x = 1) { }

void OnTick()
{
}
