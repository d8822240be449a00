// refused 6: `float` is not part of our MQL: use `double`
#property strict

void OnTick()
{
   float x = 1;
}
