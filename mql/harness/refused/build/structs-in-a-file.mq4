// refused 14: no matching function
#property strict

struct Point3
  {
   int x;
   double y;
  };

Point3 points[2];

void OnTick()
  {
   Print(FileWriteArray(1, points));
  }
