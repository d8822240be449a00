// refused 7: inside an operand
#property strict

void OnTick()
{
   int i = 3;
   i = true ? i++ : i;
}
