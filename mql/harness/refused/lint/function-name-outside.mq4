// refused 4: stands inside a function
#property strict

string name = __FUNCTION__;

void OnTick()
{
}
