// refused 5: `SIZE` is a variable
#property strict

const int SIZE = 4;
int values[SIZE];

void OnTick()
{
}
