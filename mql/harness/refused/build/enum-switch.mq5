// refused 13: not handled in switch
#property strict

enum ENUM_LINK_STATE
  {
   LINK_CLOSED = 0,
   LINK_OPEN = 1,
   LINK_BROKEN = 2,
  };

string Word(const ENUM_LINK_STATE state)
  {
   switch(state)
     {
      case LINK_CLOSED:
        {
         return "closed";
        }
      default:
        {
         return "other";
        }
     }
  }

void OnTick()
  {
   Print(Word(LINK_OPEN));
  }
