// refused 4: found `,`
#property strict

input int InpX = 1, InpY = 2;

void OnTick()
{
}
