// refused 11: too few arguments to function
#property strict

int Sum(const int left, const int right)
  {
   return left + right;
  }

void OnTick()
  {
   Print(Sum(1));
  }
