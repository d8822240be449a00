// refused 6: FileOpen names
#property strict

void OnTick()
{
   int h = FileOpen("x", FILE_READ | FILE_BIN | FILE_UNICODE);
}
