// refused 6: set it in the constructor
#property strict

struct Thing
{
   int x = 1;
};

void OnTick()
{
}
