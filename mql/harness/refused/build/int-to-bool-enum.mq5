// refused 12: invalid conversion
#property strict

enum ENUM_SIDE
  {
   SIDE_BUY = 0,
   SIDE_SELL = 1,
  };

ENUM_SIDE Side(const int value)
  {
   return value;
  }

void OnTick()
  {
   Print(EnumToString(Side(1)));
  }
