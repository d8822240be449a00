// refused 4: is kept by C++ or the terminal
#property strict

int line__count = 1;

void OnTick()
{
}
