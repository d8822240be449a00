// refused 6: `wchar_t` is not part of our MQL: use `ushort`
#property strict

void OnTick()
{
   wchar_t x = 1;
}
