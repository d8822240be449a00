// refused 4: `...` is not part of our MQL
#property strict

void F(const string format, ...) { }

void OnTick()
{
}
