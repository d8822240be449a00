// refused 6: the comma operator
#property strict

void OnTick()
{
   for(int i = 0, j = 9; i < j; i++, j--)
      Print(i);
}
