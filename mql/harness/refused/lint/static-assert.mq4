// refused 4: `static_assert` is not part of our MQL
#property strict

static_assert(true);

void OnTick()
{
}
