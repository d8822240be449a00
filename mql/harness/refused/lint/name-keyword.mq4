// refused 6: found `switch` where a name should stand
#property strict

void OnTick()
{
   int switch = 1;
}
