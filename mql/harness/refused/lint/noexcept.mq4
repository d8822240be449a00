// refused 4: `noexcept` is not part of our MQL
#property strict

void F() noexcept { }

void OnTick()
{
}
