// refused 5: a class is `CName`
// as mql/Include/TickPipe/Line.mqh
#property strict

class Thing { int m_x; };

void OnTick()
{
}
