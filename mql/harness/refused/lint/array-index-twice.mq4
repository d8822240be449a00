// refused 8: an array has one dimension
#property strict

int values[2] = {1, 2};

void OnTick()
{
   Print(values[0][1]);
}
