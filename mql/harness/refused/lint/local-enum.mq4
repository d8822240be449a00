// refused 6: a type inside a function
#property strict

void OnTick()
{
   enum ENUM_LOCAL { LOCAL = 0 };
}
