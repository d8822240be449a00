// refused 3: `#undef` is not part of our MQL: a constant keeps its value
#property strict
#undef X

void OnTick()
{
}
