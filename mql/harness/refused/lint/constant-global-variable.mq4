// refused 5: `one` is a variable
#property strict

int one = 1;
int two = one + 1;

void OnTick()
{
}
