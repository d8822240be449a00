// refused 7: write `(type)value`
#property strict

void OnTick()
{
   double d = 1.5;
   int i = static_cast<int>(d);
}
