// refused 6: `GetTickCount64` is a function of MQL5 only
#property strict

void OnTick()
{
   Print(GetTickCount64());
}
