// refused 4: an array has one dimension
#property strict

void F(int &values[][3]) { }

void OnTick()
{
}
