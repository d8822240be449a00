// refused 10: `one` is a variable
#property strict

void OnTick()
{
   const int one = 1;
   int i = 0;
   switch(i)
   {
      case one: { break; }
   }
}
