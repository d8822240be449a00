// refused 6: conversion from
#property strict

void OnTick()
  {
   string line = 5;
   Print(line);
  }
