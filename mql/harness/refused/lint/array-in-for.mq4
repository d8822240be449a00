// refused 6: a loop counts a simple type
#property strict

void OnTick()
{
   for(int a[2] = {0, 0}; a[0] < 2; a[0]++)
      Print(a[0]);
}
