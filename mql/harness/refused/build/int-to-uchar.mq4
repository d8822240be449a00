// refused 6: conversion from
#property strict

uchar Half(const int value)
  {
   return value / 2;
  }

void OnTick()
  {
   Print(Half(4));
  }
