// refused 6: the value must be a constant
#property strict

enum ENUM_STATE
{
   STATE_ONE = GetLastError()
};

void OnTick()
{
}
