#property strict

#include "FiveLines.mqh"
