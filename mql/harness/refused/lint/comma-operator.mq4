// refused 7: the comma operator
#property strict

void OnTick()
{
   int i = 0, j = 0;
   i = 1, j = 2;
}
