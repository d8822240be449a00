// refused 8: use ArrayCopy
#property strict

void OnTick()
{
   int a[2] = {1, 2};
   int b[2] = {3, 4};
   a = b;
}
