// refused 4: attributes are not part of our MQL
#property strict

[[nodiscard]] int F() { return 1; }

void OnTick()
{
}
