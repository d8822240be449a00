// refused 7: is `m_name`
// as mql/Include/TickPipe/Line.mqh
#property strict

class CThing
{
   string x;
};

void OnTick()
{
}
