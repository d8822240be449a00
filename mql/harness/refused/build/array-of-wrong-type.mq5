// refused 13: could not convert
#property strict

void Fill(uchar &array[])
  {
   array[0] = 1;
  }

int values[4];

void OnTick()
  {
   Fill(values);
  }
