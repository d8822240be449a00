// refused 6: is not a number
#property strict

void OnTick()
{
   int x = 0b101;
}
