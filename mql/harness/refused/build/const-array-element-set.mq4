// refused 6: read-only
#property strict

void Grow(const uchar &array[])
  {
   array[0] = 1;
  }

uchar bytes[];

void OnTick()
  {
   Grow(bytes);
  }
