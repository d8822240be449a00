// refused 4: an enum has no type
#property strict

enum ENUM_STATE : uchar { STATE_ONE = 1 };

void OnTick()
{
}
