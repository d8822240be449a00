// refused 6: declare it before
#property strict

void OnTick()
{
   if(int i = 1)
      Print(i);
}
