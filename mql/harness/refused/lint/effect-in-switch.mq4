// refused 7: inside a condition
#property strict

void OnTick()
{
   int i = 3;
   switch(i++)
   {
      default: { break; }
   }
}
