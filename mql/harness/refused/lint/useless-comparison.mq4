// refused 7: the statement does nothing
#property strict

void OnTick()
{
   int i = 0;
   i == 1;
}
