// refused 5: a variable cannot be a reference
#property strict

int x = 1;
int &y = x;

void OnTick()
{
}
