// refused 5: objects are passed by reference
#property strict

struct Point { int x; };
void F(const Point p) { }

void OnTick()
{
}
