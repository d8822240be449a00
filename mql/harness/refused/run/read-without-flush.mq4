// refused: after a write without FileFlush
#property strict

int OpenPipe()
  {
   return FileOpen("\\\\.\\pipe\\MqlRefused", FILE_READ | FILE_WRITE | FILE_BIN | FILE_ANSI);
  }

void Send(const int handle, const string line)
  {
   uchar bytes[];
   const int count = StringToCharArray(line, bytes, 0, WHOLE_ARRAY, CP_UTF8) - 1;
   Print(FileWriteArray(handle, bytes, 0, count));
  }

void OnTick()
  {
   const int handle = OpenPipe();
   Send(handle, "a\r\n");
   FileSeek(handle, 0, SEEK_SET);
   uchar bytes[];
   Print(FileReadArray(handle, bytes, 0, 1));
  }
