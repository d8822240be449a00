// refused 4: the name has 64 characters
#property strict

int nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn = 1;

void OnTick()
{
}
