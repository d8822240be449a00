// refused 7: pointers are not part of our MQL
#property strict

void OnTick()
{
   int i = 0;
   Print(&i);
}
