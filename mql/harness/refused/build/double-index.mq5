// refused 9: conversion from
#property strict

int values[4];

void OnTick()
  {
   const double index = SymbolInfoDouble(_Symbol, SYMBOL_BID);
   Print(values[index]);
  }
