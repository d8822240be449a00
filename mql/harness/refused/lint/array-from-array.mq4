// refused 5: starts from values in braces
#property strict

int one[2] = {1, 2};
int two[2] = one;

void OnTick()
{
}
