// refused 4: `enum class` is not part of our MQL
#property strict

enum class ENUM_STATE { STATE_ONE = 1 };

void OnTick()
{
}
