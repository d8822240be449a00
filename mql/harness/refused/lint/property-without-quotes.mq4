// refused 3: copyright "…"
#property strict
#property copyright tickpipe

void OnTick()
{
}
