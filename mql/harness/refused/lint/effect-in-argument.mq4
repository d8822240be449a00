// refused 7: inside an argument
#property strict

void OnTick()
{
   int i = 0;
   Print(i++);
}
