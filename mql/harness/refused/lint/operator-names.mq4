// refused 7: write `&&`
#property strict

void OnTick()
{
   bool a = true;
   if(a and a)
      Print("x");
}
