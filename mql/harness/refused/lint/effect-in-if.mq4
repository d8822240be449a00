// refused 7: inside a condition
#property strict

void OnTick()
{
   int i = 0;
   if(i = 1)
      Print(i);
}
