// refused 6: `+` before a value does nothing
#property strict

void OnTick()
{
   int i = +1;
}
