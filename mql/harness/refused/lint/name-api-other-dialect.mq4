// refused 4: `GetTickCount64` is a function of the terminal
#property strict

int GetTickCount64() { return 1; }

void OnTick()
{
}
