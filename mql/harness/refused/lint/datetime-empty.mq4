// refused 6: is not yyyy.mm.dd
#property strict

void OnTick()
{
   datetime t = D'';
}
