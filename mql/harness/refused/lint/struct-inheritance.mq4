// refused 5: make it a field
#property strict

struct Base { int x; };
struct Thing : Base { int y; };

void OnTick()
{
}
