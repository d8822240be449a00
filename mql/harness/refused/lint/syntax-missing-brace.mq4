// refused 6: the program ends where
#property strict

void F()
{
   Print("x");
