// refused 7: the comma operator
#property strict

void OnTick()
{
   int i = 0;
   if(i == 1, i == 2)
      Print(i);
}
