// refused: critical stack overflow
#property strict

int Depth(const int depth)
  {
   if(depth < 0)
      return 0;
   return Depth(depth + 1) + depth;
  }

void OnTick()
  {
   Print(Depth(1));
  }
