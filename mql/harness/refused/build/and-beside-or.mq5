// refused 6: suggest parentheses around
#property strict

bool IsOdd(const bool is_first, const bool is_second, const bool is_third)
  {
   return is_first || is_second && is_third;
  }

void OnTick()
  {
   Print(IsOdd(true, false, true));
  }
