// refused 6: put `+` between them
#property strict

void OnTick()
{
   string s = "a" "b";
}
