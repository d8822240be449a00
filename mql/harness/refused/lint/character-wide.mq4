// refused 6: is not one character of 16 bits
#property strict

void OnTick()
{
   Print('😀');
}
