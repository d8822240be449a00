// refused: critical array out of range
#property strict

int values[4];
int last = 4;

void OnTick()
  {
   for(int i = 0; i <= last; i++)
      values[i] = i;
  }
