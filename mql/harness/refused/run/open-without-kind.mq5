// refused: names neither FILE_BIN nor FILE_TXT
#property strict

void OnTick()
  {
   Print(FileOpen("notes.txt", FILE_WRITE | FILE_ANSI));
  }
