// refused 6: found `else`
#property strict

void OnTick()
{
   else Print("x");
}
