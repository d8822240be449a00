// refused 6: the quote is not closed
#property strict

void OnTick()
{
   Print("x);
}
