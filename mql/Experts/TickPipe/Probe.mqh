// Probe: a pipe for trying what a terminal's file functions do, one call at a time.
//
// Nothing here is for an EA that trades: it makes on purpose the calls that TickPipe\Transport.mqh never
// makes. Each wait has an end all the same, but for those of the terminal itself, which are what is to be
// found out; the report names each of them before it is tried.

#include <TickPipe\Compat.mqh>
#include <TickPipe\Utf8.mqh>
#include <TickPipe\Wait.mqh>

// How long an answer of `tickpipe probe` may take that nothing holds up.
#define PROBE_ANSWER_MS          3000
#define PROBE_FLAGS              (FILE_READ | FILE_WRITE | FILE_BIN | FILE_ANSI)

class CProbePipe
{
private:
   int               m_handle;
   uchar             m_bytes[];
   ulong             m_begun_us;

public:
   CProbePipe()
   {
      m_handle = INVALID_HANDLE;
      m_begun_us = 0;
   }

   int Handle() const
   {
      return m_handle;
   }

   // Opens the pipe, trying again until the time is over: a server that died is back a second later.
   bool Open(const string name, const int flags, const uint codepage, const int limit_ms)
   {
      Close();
      CPipeWait wait;
      wait.Begin(limit_ms);
      while(!IsStopped())
      {
         m_handle = FileOpen("\\\\.\\pipe\\" + name, flags, 0, codepage);
         if(m_handle != INVALID_HANDLE || wait.IsOver())
            break;
         wait.Pause();
      }
      return m_handle != INVALID_HANDLE;
   }

   void Close()
   {
      if(m_handle != INVALID_HANDLE)
         FileClose(m_handle);
      m_handle = INVALID_HANDLE;
   }

   // Begins to take the time of a call.
   void Begin()
   {
      ResetLastError();
      m_begun_us = GetMicrosecondCount();
   }

   // Says what a call came to: its result, `GetLastError`, and how long it took.
   string Came(const string result)
   {
      const int error = GetLastError();
      const ulong took_us = GetMicrosecondCount() - m_begun_us;
      return result + ", error " + IntegerToString(error) + ", " + IntegerToString((long)took_us / 1000) + " ms";
   }

   // Waits until so many bytes can be read; returns how many can.
   int WaitFor(const int count, const int limit_ms)
   {
      CPipeWait wait;
      wait.Begin(limit_ms);
      int waiting = (int)FileSize(m_handle);
      while(waiting < count && !wait.IsOver() && !IsStopped())
      {
         wait.Pause();
         waiting = (int)FileSize(m_handle);
      }
      return waiting;
   }

   void Pass(const int ms)
   {
      CPipeWait wait;
      wait.Begin(ms);
      while(!wait.IsOver() && !IsStopped())
         wait.Pause();
   }

   void Turn()
   {
      FileFlush(m_handle);
      FileSeek(m_handle, 0, SEEK_SET);
   }

   // Writes bytes as our EAs do, but for the turn, which the caller makes.
   uint Write(const string text)
   {
      const int count = PipeTextToUtf8(text, m_bytes);
      return FileWriteArray(m_handle, m_bytes, 0, count);
   }

   void Send(const string text)
   {
      Turn();
      Write(text + "\n");
      Turn();
   }

   // Reads a line as it comes, without its end; empty if none comes in time.
   string ReadLine(const int limit_ms)
   {
      CPipeWait wait;
      wait.Begin(limit_ms);
      string line = "";
      while(StringFind(line, "\n") < 0 && !wait.IsOver() && !IsStopped())
      {
         const int waiting = (int)FileSize(m_handle);
         if(waiting == 0)
         {
            wait.Pause();
            continue;
         }
         const uint got = FileReadArray(m_handle, m_bytes, 0, waiting);
         line += PipeUtf8ToText(m_bytes, 0, (int)got);
      }
      const int end = StringFind(line, "\r\n");
      return end < 0 ? line : PipeTextPart(line, 0, end);
   }

   // Gives the server a command, and says whether it took it.
   bool Command(const string command)
   {
      Send(command);
      return ReadLine(PROBE_ANSWER_MS) == "OK";
   }

   // Reads bytes and says which, as text.
   string ReadBytes(const int count)
   {
      const uint got = FileReadArray(m_handle, m_bytes, 0, count);
      return IntegerToString((long)got) + " bytes `" + PipeUtf8ToText(m_bytes, 0, (int)got) + "`";
   }
};
