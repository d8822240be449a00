// refused 6: `__LINE__` is not part of our MQL
#property strict

void OnTick()
{
   Print(__LINE__);
}
