// refused 6: neither in the program nor in the list
#property strict

void OnTick()
{
   ReadFile(1);
}
