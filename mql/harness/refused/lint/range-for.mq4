// refused 9: count an index
#property strict

int values[2] = {1, 2};

void OnTick()
{
   int sum = 0;
   for(int x : values)
      sum += x;
}
