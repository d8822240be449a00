// refused 6: inside a condition
#property strict

void OnTick()
{
   for(int i = 3; i-- > 0;)
      Print(i);
}
