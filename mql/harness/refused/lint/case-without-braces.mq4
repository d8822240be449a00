// refused 10: the statements of a case stand in braces
#property strict

void OnTick()
{
   int i = 0;
   switch(i)
   {
      case 1:
         Print("one");
         break;
   }
}
