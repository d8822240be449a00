// refused 6: `unsigned` is not part of our MQL: use `uint`
#property strict

void OnTick()
{
   unsigned int x = 1;
}
