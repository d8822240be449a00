// refused 6: a type inside a type
#property strict

class CThing
{
   struct Inner { int x; };
};

void OnTick()
{
}
