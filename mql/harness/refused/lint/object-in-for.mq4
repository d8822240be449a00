// refused 8: a loop counts a simple type
#property strict

struct Spot { int x; };

void OnTick()
{
   for(Spot p; true;)
      break;
}
