// refused: would block: 0 wait
#property strict

int OpenPipe()
  {
   return FileOpen("\\\\.\\pipe\\MqlRefused", FILE_READ | FILE_WRITE | FILE_BIN | FILE_ANSI);
  }

void OnTick()
  {
   const int handle = OpenPipe();
   uchar bytes[];
   Print(FileReadArray(handle, bytes, 0, 1));
  }
