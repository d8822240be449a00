// refused 11: could not convert
#property strict

void Say(const string line)
  {
   Print(line);
  }

void OnTick()
  {
   Say(5);
  }
