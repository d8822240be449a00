// refused 6: is not a number
#property strict

void OnTick()
{
   double x = 1.2.3;
}
