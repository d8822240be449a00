#property strict
#property copyright "the tickpipe authors, MIT or Apache-2.0"
#property version "0.10"
#property description "Sends the Bid of each tick to a program outside the terminal and shows its answer."
#property description "Needs no DLL. Trades nothing."

#include "TickPipeDouble.mqh"
