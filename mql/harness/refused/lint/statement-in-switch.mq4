// refused 9: `case`, `default` or `}`
#property strict

void OnTick()
{
   int i = 0;
   switch(i)
   {
      Print("x");
   }
}
