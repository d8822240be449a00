// refused 3: a directive on several lines
#property strict
#define SUM (1 + \
   2)

void OnTick()
{
}
