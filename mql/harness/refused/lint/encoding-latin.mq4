// refused 5: the line is not UTF-8
#property strict
void OnTick()
{
   Print("café");
}
