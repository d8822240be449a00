// refused: names neither FILE_READ nor FILE_WRITE
#property strict

void OnTick()
  {
   Print(FileOpen("notes.txt", FILE_TXT | FILE_ANSI));
  }
