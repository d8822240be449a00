// refused 4: a result is not `const`
#property strict

const int Twice(const int x) { return x + x; }

void OnTick()
{
}
