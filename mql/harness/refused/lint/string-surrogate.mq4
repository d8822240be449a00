// refused 6: `\x` takes 1 to 4
#property strict

void OnTick()
{
   Print("\xD800");
}
