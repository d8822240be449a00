// refused 4: `constexpr` is not part of our MQL: use `const`
#property strict

constexpr int x = 1;

void OnTick()
{
}
