// refused 6: `nullptr` is not part of our MQL
#property strict

void OnTick()
{
   string s = nullptr;
}
