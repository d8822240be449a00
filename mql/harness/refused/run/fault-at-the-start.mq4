// refused: critical array out of range
#property strict

int values[2];

int OnInit()
  {
   int index = 1;
   index++;
   values[index] = 1;
   return INIT_SUCCEEDED;
  }
