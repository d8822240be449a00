// refused 9: `...` is not part of our MQL
#property strict

void OnTick()
{
   int i = 0;
   switch(i)
   {
      case 1 ... 3: { break; }
   }
}
