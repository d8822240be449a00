// refused: names neither FILE_ANSI nor FILE_UNICODE
#property strict

void OnTick()
  {
   Print(FileOpen("notes.txt", FILE_WRITE | FILE_TXT));
  }
