// refused 6: `register` is not part of our MQL
#property strict

void OnTick()
{
   int register = 1;
}
