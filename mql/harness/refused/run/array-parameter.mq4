// refused: critical array out of range
#property strict

int Sum(const int &values[], const int count)
  {
   int sum = 0;
   for(int i = 0; i < count; i++)
      sum += values[i];
   return sum;
  }

void OnTick()
  {
   int values[];
   ArrayResize(values, 3);
   Print(Sum(values, 4));
  }
