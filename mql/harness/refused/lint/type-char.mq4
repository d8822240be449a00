// refused 6: `char` is not part of our MQL: use `uchar` or `int`
#property strict

void OnTick()
{
   char x = 1;
}
