// refused: FileSeek on
#property strict

int OpenPipe()
  {
   return FileOpen("\\\\.\\pipe\\MqlRefused", FILE_READ | FILE_WRITE | FILE_BIN | FILE_ANSI);
  }

void OnTick()
  {
   const int handle = OpenPipe();
   FileSeek(handle, 0, SEEK_END);
  }
