// refused 4: is only declared
#property strict

int Twice(const int x);

int Twice(const int x) { return x + x; }

void OnTick()
{
}
