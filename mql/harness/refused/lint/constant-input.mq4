// refused 4: the value must be a constant
#property strict

input int InpX = GetLastError();

void OnTick()
{
}
