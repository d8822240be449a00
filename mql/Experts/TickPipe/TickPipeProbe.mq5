#property strict
#property copyright "the tickpipe authors, MIT or Apache-2.0"
#property version "0.10"
#property description "Finds out what this terminal's file functions do to a named pipe, and writes a report."
#property description "Run once on a demo account, with `tickpipe probe` running; see docs/probe.md. Trades nothing."

#include "TickPipeProbe.mqh"
