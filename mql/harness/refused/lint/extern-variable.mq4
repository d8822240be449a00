// refused 4: write `input`
#property strict

extern int InpX = 1;

void OnTick()
{
}
