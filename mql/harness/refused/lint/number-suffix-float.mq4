// refused 6: write `1.5`
#property strict

void OnTick()
{
   double x = 1.5f;
}
