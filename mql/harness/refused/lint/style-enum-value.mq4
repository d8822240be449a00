// refused 7: a constant is `NAME`
// as mql/Include/TickPipe/Line.mqh
#property strict

enum ENUM_STATE
{
   StateOne = 1
};

void OnTick()
{
}
