// refused 6: `goto` is not part of our MQL: use a loop
#property strict

void OnTick()
{
   goto done;
}
