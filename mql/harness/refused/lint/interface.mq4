// refused 4: `interface` is not part of our MQL
#property strict

interface IThing { void Run(); };

void OnTick()
{
}
