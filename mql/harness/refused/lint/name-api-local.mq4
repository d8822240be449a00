// refused 6: `Sleep` is a function of the terminal
#property strict

void OnTick()
{
   int Sleep = 1;
}
