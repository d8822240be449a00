// refused: after a read without FileFlush
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

int Waiting(const int handle)
  {
   const uint begin = GetTickCount();
   int count = (int)FileSize(handle);
   while(count == 0 && GetTickCount() - begin < 5000)
     {
      Sleep(1);
      count = (int)FileSize(handle);
     }
   return count;
  }

void OnTick()
  {
   const int handle = OpenPipe();
   Send(handle, "a\r\n");
   FileFlush(handle);
   FileSeek(handle, 0, SEEK_SET);
   const int count = Waiting(handle);
   uchar bytes[];
   Print(FileReadArray(handle, bytes, 0, count));
   FileSeek(handle, 0, SEEK_SET);
   Send(handle, "b\r\n");
  }
