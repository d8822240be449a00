// refused 7: write `= NUMBER`
#property strict

enum ENUM_STATE
{
   STATE_ONE = 1,
   STATE_TWO
};

void OnTick()
{
}
