// refused 6: allowed after a backslash
#property strict

void OnTick()
{
   Print("C:\dir");
}
