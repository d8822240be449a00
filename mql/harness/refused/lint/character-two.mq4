// refused 6: is not one character
#property strict

void OnTick()
{
   Print('ab');
}
