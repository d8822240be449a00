// refused 7: inside a condition
#property strict

void OnTick()
{
   int i = 3;
   int j = i++ == 3 ? 1 : 2;
}
