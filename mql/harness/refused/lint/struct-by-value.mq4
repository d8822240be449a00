// refused 5: objects are passed by reference
#property strict

struct Spot { int x; };
void F(const Spot p) { }

void OnTick()
{
}
