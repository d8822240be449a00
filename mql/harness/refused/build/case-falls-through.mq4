// refused 11: this statement may fall through
#property strict

void OnTick()
  {
   int count = 1;
   switch(count)
     {
      case 1:
        {
         Print(count);
        }
      default:
        {
         Print("other");
        }
     }
  }
