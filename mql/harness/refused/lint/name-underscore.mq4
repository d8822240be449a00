// refused 4: is kept by C++ or the terminal
#property strict

int _count = 1;

void OnTick()
{
}
