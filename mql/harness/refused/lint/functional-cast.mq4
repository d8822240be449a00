// refused 7: write `(int)value`
#property strict

void OnTick()
{
   double d = 1.5;
   int i = int(d);
}
