#property strict

#include "Send.mqh"
