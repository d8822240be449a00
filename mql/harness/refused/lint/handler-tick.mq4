// refused 4: the terminal calls `void OnTick()`
#property strict

int OnTick()
{
   return 1;
}
