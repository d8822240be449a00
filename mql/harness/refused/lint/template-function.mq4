// refused 4: `template` is not part of our MQL
#property strict

template<typename T> T Twice(T x) { return x + x; }

void OnTick()
{
}
