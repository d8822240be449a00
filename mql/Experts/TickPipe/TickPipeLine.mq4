#property strict
#property copyright "the tickpipe authors, MIT or Apache-2.0"
#property version "0.10"
#property description "Sends a line for each tick to a program outside the terminal and shows its answer."
#property description "In the line: {symbol} {bid} {ask} {last} {time} {time_msc} {spread} {digits} {timeframe} {volume} {count}"
#property description "Needs no DLL. Trades nothing."

#include "TickPipeLine.mqh"
