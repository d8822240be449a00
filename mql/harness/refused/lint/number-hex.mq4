// refused 6: is not a hexadecimal number
#property strict

void OnTick()
{
   int x = 0xFG;
}
