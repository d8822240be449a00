// refused 7: is `m_name`
// as mql/Include/TickPipe/Line.mqh
#property strict

class CThing
{
   int x;
};

void OnTick()
{
}
