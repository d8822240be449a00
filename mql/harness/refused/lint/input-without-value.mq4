// refused 4: an input is `input TYPE NAME = VALUE;`
#property strict

input int InpX;

void OnTick()
{
}
