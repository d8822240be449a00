// refused 5: `decltype` is not part of our MQL
#property strict

int x = 1;
decltype(x) y = 2;

void OnTick()
{
}
