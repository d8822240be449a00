// TickPipe\Transport.mqh: bytes to and from the pipe. Only this file holds the handle.
//
// What a terminal's file functions do to a pipe, and what is not documented:
// https://www.mql5.com/en/docs/files/fileopen https://docs.mql4.com/files/fileopen
// - `FileSize` is how many bytes can be read now. A read of more would wait, perhaps for ever, and
//   nothing could end that wait. So no read is made without it, and none asks for more.
// - What is written stands in the terminal's own buffer until `FileFlush`.
// - Between a read and a write, and the other way round, stand `FileFlush` and `FileSeek` to the
//   beginning, both.
// - Which errors a call leaves behind is not documented for pipes. So an error counts only where it can
//   mean nothing but a broken pipe. What is missed here is noticed by who waits for an answer.

#include <TickPipe\Compat.mqh>

// The largest read. A whole reply fits in it.
#define TICKPIPE_READ_MAX        65536

class CPipeTransport
{
private:
   int               m_handle;
   // Whether bytes were read since the last write.
   bool              m_has_read;
   // Whether `FileSize` leaves no error behind while the pipe is whole, so that one means something.
   bool              m_size_tells;
   // What `GetLastError` said of the last call that failed.
   int               m_error;

   void Turn()
   {
      FileFlush(m_handle);
      FileSeek(m_handle, 0, SEEK_SET);
   }

public:
   CPipeTransport()
   {
      m_handle = INVALID_HANDLE;
      m_has_read = false;
      m_size_tells = false;
      m_error = 0;
   }

   ~CPipeTransport()
   {
      Close();
   }

   // Tries once to open the pipe of a name on this machine. Never waits for a free one.
   bool Open(const string pipe)
   {
      Close();
      ResetLastError();
      m_handle = FileOpen("\\\\.\\pipe\\" + pipe, FILE_READ | FILE_WRITE | FILE_BIN | FILE_ANSI);
      m_error = GetLastError();
      m_has_read = false;
      if(m_handle == INVALID_HANDLE)
         return false;
      ResetLastError();
      const bool is_empty = FileSize(m_handle) == 0;
      m_size_tells = is_empty && GetLastError() == 0;
      return true;
   }

   void Close()
   {
      if(m_handle == INVALID_HANDLE)
         return;
      FileClose(m_handle);
      m_handle = INVALID_HANDLE;
   }

   int Error() const
   {
      return m_error;
   }

   // Sends `count` bytes, at once and in one piece, and makes the turn to reading.
   bool Write(const uchar &bytes[], const int count)
   {
      if(m_has_read)
         Turn();
      m_has_read = false;
      ResetLastError();
      const uint written = FileWriteArray(m_handle, bytes, 0, count);
      FileFlush(m_handle);
      m_error = GetLastError();
      FileSeek(m_handle, 0, SEEK_SET);
      return written == (uint)count && m_error != TICKPIPE_ERROR_WRITE && m_error != TICKPIPE_ERROR_HANDLE;
   }

   // Returns how many bytes the next read may ask for; 0 if none are there, -1 if the pipe is broken.
   int Available()
   {
      ResetLastError();
      const long waiting = (long)FileSize(m_handle);
      if(0 < waiting)
         return (int)MathMin(waiting, TICKPIPE_READ_MAX);
      m_error = GetLastError();
      return m_error == 0 || !m_size_tells ? 0 : -1;
   }

   // Reads `count` bytes, which `Available` has seen, to the beginning of `bytes`.
   bool Read(uchar &bytes[], const int count)
   {
      ResetLastError();
      const uint got = FileReadArray(m_handle, bytes, 0, count);
      m_error = GetLastError();
      m_has_read = true;
      return got == (uint)count;
   }
};
