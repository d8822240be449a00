#property strict

#include "Parts.mqh"
