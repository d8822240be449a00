// refused 4: `template` is not part of our MQL
#property strict

template<typename T> class CList { T m_x; };

void OnTick()
{
}
