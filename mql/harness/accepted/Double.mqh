// Included twice, counted once: every form of a declaration.
#define LINE_LEN_MAX   4096
#define LINE_LEN_TWICE (LINE_LEN_MAX * 2)
#define LINE_END       "\r\n"
#define NO_HANDLE      -1
#define SOME_FLAGS     (FILE_READ | FILE_WRITE)

#ifdef __MQL4__
#define DIALECT "MQL4"
#else
#define DIALECT "MQL5"
#endif

enum ENUM_LINK_STATE
  {
   LINK_CLOSED = 0,
   LINK_OPEN   = 1,
   LINK_BROKEN = 2,
  };

struct Reply
  {
   string text;
   int code;
   double values[4], total;
   uchar bytes[];
  };

class CLink
  {
private:
   int m_handle;
   string m_name, m_rest;
   ENUM_LINK_STATE m_state;
   ulong m_sent;
   uchar m_buffer[LINE_LEN_MAX];
   Reply m_last;

   bool IsReady() const { return m_state == LINK_OPEN; }

public:
   CLink();
   ~CLink() { Close(); }
   bool Open(const string name, const int tries = 3);
   void Close(void);
   ENUM_LINK_STATE State() const { return m_state; }
   bool Send(const string line);
   void Last(Reply &reply) const;
   long Sent() const { return (long)m_sent; }
  };

CLink::CLink()
  {
   m_handle = NO_HANDLE;
   m_name = "";
   m_rest = "";
   m_state = LINK_CLOSED;
   m_sent = 0;
   m_last.text = "";
   m_last.code = 0;
   m_last.total = 0.0;
  }

bool CLink::Open(const string name, const int tries)
  {
   Close();
   m_name = name;
   for(int i = 0, n = tries; i < n; i++)
     {
      m_handle = FileOpen(m_name, SOME_FLAGS | FILE_BIN | FILE_ANSI);
      if(m_handle == INVALID_HANDLE)
         continue;
      m_state = LINK_OPEN;
      return true;
     }
   PrintFormat("%s: %s is not open, error %d", __FUNCTION__, m_name, GetLastError());
   return false;
  }

void CLink::Close()
  {
   if(m_handle != NO_HANDLE)
      FileClose(m_handle);
   m_handle = NO_HANDLE;
   m_state = LINK_CLOSED;
  }

bool CLink::Send(const string line)
  {
   if(!IsReady())
      return false;
   const string whole = line + LINE_END;
   uint sent = FileWriteString(m_handle, whole);
   FileFlush(m_handle);
   m_sent += sent;
   m_buffer[0] = 0;
   if(sent == 0)
     {
      m_state = LINK_BROKEN;
      return false;
     }
   else if(sent < 2)
      Print("short");
   else
      Print(StringLen(whole));
   return true;
  }

void CLink::Last(Reply &reply) const
  {
   reply.text = m_last.text;
   reply.code = m_last.code;
  }
