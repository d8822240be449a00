// refused 5: before all declarations
#property strict

int x = 1;
#property version "1.00"

void OnTick()
{
}
