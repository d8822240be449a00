// refused 6: `NULL` is not part of our MQL: there are no pointers
#property strict

void OnTick()
{
   string s = NULL;
}
