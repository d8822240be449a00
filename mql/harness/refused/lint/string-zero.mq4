// refused 6: not zero
#property strict

void OnTick()
{
   Print("a\x0");
}
