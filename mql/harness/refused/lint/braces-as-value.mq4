// refused 6: braces are not a value
#property strict

void OnTick()
{
   Print({1, 2});
}
