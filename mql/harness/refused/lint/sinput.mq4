// refused 4: write `input`
#property strict

sinput int InpX = 1;

void OnTick()
{
}
