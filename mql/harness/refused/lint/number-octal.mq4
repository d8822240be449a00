// refused 6: would be octal
#property strict

void OnTick()
{
   int x = 010;
}
