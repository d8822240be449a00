// refused 3: is not part of our MQL
#property strict
#property indicator_buffers 2

void OnTick()
{
}
