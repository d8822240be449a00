// refused 6: a function is not declared here
#property strict

void OnTick()
{
   int Local(int x);
}
