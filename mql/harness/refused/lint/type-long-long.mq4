// refused 6: `long`
#property strict

void OnTick()
{
   long long x = 1;
}
