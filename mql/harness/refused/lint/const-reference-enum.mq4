// refused 5: pass simple types by value
#property strict

enum ENUM_STATE { STATE_ONE = 1 };
void F(const ENUM_STATE &state) { }

void OnTick()
{
}
