// States what the runtime does; a terminal must say the same.
#property strict

#include "Facts.mqh"

void OnStart()
  {
   CheckAll();
  }
