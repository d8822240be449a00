// refused 6: functions without a name
#property strict

void OnTick()
{
   Print([](int x) { return x; });
}
