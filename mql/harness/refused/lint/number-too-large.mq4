// refused 6: exceeds 64 bits
#property strict

void OnTick()
{
   ulong x = 99999999999999999999;
}
