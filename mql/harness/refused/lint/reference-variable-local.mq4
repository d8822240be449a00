// refused 7: a variable cannot be a reference
#property strict

void OnTick()
{
   int x = 1;
   int &y = x;
}
