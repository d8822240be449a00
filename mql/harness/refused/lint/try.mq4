// refused 6: `try` is not part of our MQL
#property strict

void OnTick()
{
   try { Print("x"); } catch(int e) { }
}
