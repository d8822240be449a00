// refused 6: `xor` is not part of our MQL
#property strict

void OnTick()
{
   int xor = 1;
}
