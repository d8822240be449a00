// refused 6: `short` is not part of our MQL: use `int`
#property strict

void OnTick()
{
   short x = 1;
}
