// refused 5: a class is `CName`
// as mql/Include/TickPipe/Line.mqh
#property strict

class Thing { string m_x; };

void OnTick()
{
}
