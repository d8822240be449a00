// refused 8: assignment of read-only reference
#property strict

input int InpTimeoutMs = 500;

void OnTick()
  {
   InpTimeoutMs = 5;
  }
