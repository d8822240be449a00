// refused 6: `signed` is not part of our MQL: use `int`
#property strict

void OnTick()
{
   signed int x = 1;
}
