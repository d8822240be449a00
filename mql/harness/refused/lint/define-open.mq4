// refused 3: stands in parentheses
#property strict
#define SUM 1 + 2

void OnTick()
{
}
