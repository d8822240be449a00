// refused 4: an array has one dimension
#property strict

int table[2][3];

void OnTick()
{
}
