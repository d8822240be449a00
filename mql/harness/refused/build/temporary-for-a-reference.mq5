// refused 11: cannot bind non-const lvalue reference
#property strict

void Double(int &value)
  {
   value = value * 2;
  }

void OnTick()
  {
   Double(4);
  }
