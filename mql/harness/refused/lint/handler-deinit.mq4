// refused 4: the terminal calls `void OnDeinit(const int reason)`
#property strict

void OnDeinit()
{
}
