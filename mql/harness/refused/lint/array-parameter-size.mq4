// refused 4: an array parameter has no size
#property strict

void F(int &values[3]) { }

void OnTick()
{
}
