// refused 6: it belongs in `#ifdef`
#property strict

void OnTick()
{
   Print(__MQL4__);
}
