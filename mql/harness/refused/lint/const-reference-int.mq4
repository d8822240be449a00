// refused 4: pass simple types by value
#property strict

void F(const int &x) { }

void OnTick()
{
}
