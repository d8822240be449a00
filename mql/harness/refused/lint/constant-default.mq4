// refused 5: the value must be a constant
#property strict

int F() { return 1; }
void G(const int x = F()) { }

void OnTick()
{
}
