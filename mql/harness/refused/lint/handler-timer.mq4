// refused 4: the terminal calls `void OnTimer()`
#property strict

void OnTimer(const int id)
{
}
