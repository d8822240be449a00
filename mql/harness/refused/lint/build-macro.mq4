// refused 6: `__MQLBUILD__` is not part of our MQL
#property strict

void OnTick()
{
   Print(__MQLBUILD__);
}
