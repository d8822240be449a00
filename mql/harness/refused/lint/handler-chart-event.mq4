// refused 4: the harness does not call `OnChartEvent`
#property strict

void OnChartEvent(const int id, const long a, const double b, const string c) { }

void OnTick()
{
}
