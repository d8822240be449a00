// refused 6: no matching function for call to
#property strict

void Grow(const uchar &array[])
  {
   Print(ArrayInitialize(array, 5));
  }

uchar bytes[];

void OnTick()
  {
   Grow(bytes);
  }
