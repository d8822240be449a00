// refused 6: begins nothing
#property strict

void OnTick()
{
   int x = 1 @ 2;
}
