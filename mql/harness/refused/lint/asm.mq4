// refused 4: `asm` is not part of our MQL
#property strict

asm("nop");

void OnTick()
{
}
