// refused 6: a type inside a function
#property strict

void OnTick()
{
   struct Local { int x; };
}
