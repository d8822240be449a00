// refused 4: `union` is not part of our MQL
#property strict

union Bits { int x; double y; };

void OnTick()
{
}
