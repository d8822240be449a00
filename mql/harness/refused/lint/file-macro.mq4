// refused 6: `__FILE__` is not part of our MQL
#property strict

void OnTick()
{
   Print(__FILE__);
}
