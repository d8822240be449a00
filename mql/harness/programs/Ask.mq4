#property strict

#include "Ask.mqh"
