// Report: what the probe found, on the screen and in a file that can be sent back.

// Writes each line to the file at once: if the terminal has to be ended by hand, the last line says what
// was being tried.
class CReport
{
private:
   int               m_file;
   string            m_name;

public:
   CReport()
   {
      m_file = INVALID_HANDLE;
      m_name = "";
   }

   // Begins a file in the terminal's own folder for files (menu File, Open Data Folder, MQL4 or MQL5, Files).
   bool Begin(const string name)
   {
      m_name = name;
      m_file = FileOpen(name, FILE_WRITE | FILE_TXT | FILE_ANSI);
      return m_file != INVALID_HANDLE;
   }

   string Name() const
   {
      return m_name;
   }

   void Line(const string text)
   {
      Print(text);
      if(m_file == INVALID_HANDLE)
         return;
      FileWriteString(m_file, text + "\r\n");
      FileFlush(m_file);
   }

   void End()
   {
      if(m_file != INVALID_HANDLE)
         FileClose(m_file);
      m_file = INVALID_HANDLE;
   }
};
