// refused 6: `sizeof` is not part of our MQL: use ArraySize
#property strict

void OnTick()
{
   int i = sizeof(int);
}
