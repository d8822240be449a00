// refused 7: conversion from
#property strict

void OnTick()
  {
   const double bid = SymbolInfoDouble(_Symbol, SYMBOL_BID);
   const int points = bid * 100000;
   Print(points);
  }
