// refused 4: the harness does not call `init`
#property strict

int init() { return 0; }

void OnTick()
{
}
