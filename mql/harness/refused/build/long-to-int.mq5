// refused 7: conversion from
#property strict

int Seconds(const datetime time)
  {
   const long seconds = time;
   return seconds;
  }

void OnTick()
  {
   Print(Seconds(TimeCurrent()));
  }
