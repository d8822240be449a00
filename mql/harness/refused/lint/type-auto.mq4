// refused 6: `auto` is not part of our MQL: name the type
#property strict

void OnTick()
{
   auto x = 1;
}
