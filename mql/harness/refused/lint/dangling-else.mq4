// refused 8: put the inner one in braces
#property strict

void OnTick()
{
   int i = 0;
   if(i == 0)
      if(i == 1)
         Print("a");
      else
         Print("b");
}
