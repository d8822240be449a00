// refused 6: write `10`
#property strict

void OnTick()
{
   long x = 10L;
}
