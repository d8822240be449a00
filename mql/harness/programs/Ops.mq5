#property strict

#include "Ops.mqh"
