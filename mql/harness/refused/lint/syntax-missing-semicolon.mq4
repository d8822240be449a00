// refused 7: found `Print` where `;` should stand
#property strict

void OnTick()
{
   int x = 1
   Print(x);
}
