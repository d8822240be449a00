// refused 9: inside an index
#property strict

int values[2] = {1, 2};

void OnTick()
{
   int i = 0;
   values[i++] = 1;
}
