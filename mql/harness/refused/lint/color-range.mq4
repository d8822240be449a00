// refused 6: is not three numbers
#property strict

void OnTick()
{
   color c = C'1,2,256';
}
