// refused 6: labels are not part of our MQL
#property strict

void OnTick()
{
   done: Print("x");
}
