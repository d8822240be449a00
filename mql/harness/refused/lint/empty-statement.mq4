// refused 7: a `;` without a statement
#property strict

void OnTick()
{
   int i = 0;
   while(i < 1);
}
