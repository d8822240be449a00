// refused 6: a value cannot be `void`
#property strict

void OnTick()
{
   void x;
}
