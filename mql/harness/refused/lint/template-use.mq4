// refused 5: templates are not part of our MQL
#property strict

class CList { int m_x; };
CList<int> list;

void OnTick()
{
}
