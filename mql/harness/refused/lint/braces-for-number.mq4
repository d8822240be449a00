// refused 4: write `= value`
#property strict

int x = {0};

void OnTick()
{
}
