// refused 7: in the call itself
#property strict

void OnTick()
{
   int flags = FILE_READ | FILE_BIN | FILE_ANSI;
   int h = FileOpen("x", flags);
}
