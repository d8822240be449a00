// refused 11: this statement may fall through
#property strict

void OnTick()
  {
   int count = 1;
   switch(count)
     {
      case 1:
        {
         Print("one");
        }
      default:
        {
         Print("other");
        }
     }
  }
