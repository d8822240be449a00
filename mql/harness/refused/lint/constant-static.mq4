// refused 6: the value must be a constant
#property strict

void OnTick()
{
   static int x = GetLastError();
}
