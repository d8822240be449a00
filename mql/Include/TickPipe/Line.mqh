// TickPipe\Line.mqh: lines to a program outside the terminal, and its answers.
//
//    #include <TickPipe\Line.mqh>
//    CLineClient client;
//    int OnInit() { return client.Connect("TestPipe") ? INIT_SUCCEEDED : INIT_FAILED; }
//    void OnTimer() { string reply; client.Poll(reply); }
//    void OnTick() { string answer; if(client.Ask(_Symbol, answer, 1500)) Comment(answer); else Comment(client.LastError()); }
//
// No call waits longer than it says, whatever the program at the other end does or does not do; the wire
// is in docs/PROTOCOL.md, the whole of this page for EA authors in docs/mql.md.

#include <TickPipe\Backoff.mqh>
#include <TickPipe\Frame.mqh>
#include <TickPipe\Inbox.mqh>
#include <TickPipe\Owed.mqh>
#include <TickPipe\Transport.mqh>
#include <TickPipe\Wait.mqh>

// How often the timer looks after the connection, if the EA does not choose.
#define TICKPIPE_TIMER_MS        50
// The longest wait for an answer that `Ask` takes.
#define TICKPIPE_TIMEOUT_MAX_MS  60000
// When a reply to `Send` is so late that the connection is given up.
#define TICKPIPE_SENT_DUE_MS     10000
// After so many lines in a row without an answer the connection is given up. It is two, so that a late
// answer is never owed by more than one line.
#define TICKPIPE_UNANSWERED_MAX  2
// How long a call takes what has come, at most, before it sends a line. Usually nothing has.
#define TICKPIPE_DRAIN_US        10000
// What is kept of the news that nobody asks for, in characters.
#define TICKPIPE_NEWS_MAX        500

enum ENUM_LINK_STATE
{
   // `Connect` was not called, or `Close` was.
   LINK_CLOSED = 0,
   // The pipe could not be opened yet, or was lost; it is tried again.
   LINK_WAITING = 1,
   LINK_CONNECTED = 2
};

// What a client did since `Connect`. Each line comes to one of the next four in the end.
struct LineCounts
{
   // Lines given to `Ask` and `Send`.
   int               lines;
   // Answers, and replies that were `ERR`.
   int               answers;
   int               errors;
   // Lines that were sent and have no reply, for which nobody waits any more.
   int               unanswered;
   // Lines that were never sent.
   int               not_sent;

   // Of those without an answer: replies that came after their `Ask` had given up, and were thrown away.
   int               late;
   int               connections;
};

// A line client that never keeps its terminal waiting for longer than it was told.
class CLineClient
{
private:
   CPipeTransport    m_transport;
   CPipeFrame        m_frame;
   CPipeOwed         m_owed;
   CPipeInbox        m_inbox;
   CPipeBackoff      m_backoff;
   CPipeWait         m_wait;

   string            m_pipe;
   ENUM_LINK_STATE   m_state;
   // The timer that is wanted; 0 for none.
   int               m_timer_ms;
   bool              m_has_timer;
   bool              m_is_tester;
   bool              m_may_optimize;
   // Whether the tester has waited for the pipe in vain: it waits a whole time once, not at each tick.
   bool              m_gave_up;
   bool              m_told_missing;
   int               m_unanswered_row;

   uchar             m_request[];
   uchar             m_chunk[TICKPIPE_READ_MAX];
   // The reply that `Ask` waits for, once it has come.
   string            m_reply;
   bool              m_has_reply;

   string            m_code;
   string            m_error;
   bool              m_was_sent;
   string            m_news;
   LineCounts        m_counts;

   void              Forget();
   void              Begin();
   bool              Fail(const string code, const string error);
   bool              Refuse(const string code, const string error);
   void              Tell(const string text);
   void              Drop(const string code, const string why);
   bool              Lose(const string code, const string why);
   bool              LoseTo(const string line);
   void              TendTimer();
   bool              TryConnect();
   void              ConnectHere();
   bool              IsReady();
   int               Encode(const string text);
   bool              Drain();
   bool              Transmit(const int count, const ENUM_PIPE_OWED kind, const int due_in_ms);
   int               Receive();
   bool              TakeLines();
   bool              Deliver(const string line);
   bool              Await(const int timeout_ms);
   bool              GiveUp(const int timeout_ms);
   void              Count(const string reply);
   bool              Judge(const string reply);

public:
                     CLineClient();
                    ~CLineClient();

   // Sets out to connect to the pipe `\\.\pipe\NAME` of this machine, from `OnTimer`, for as long as it
   // takes. Sets the EA's timer to `timer_ms`; with 0 the EA has its own timer of 250 ms or less.
   // Call it from `OnInit`. False: the name or the place is wrong, `LastError` says how.
   bool              Connect(const string pipe, const int timer_ms = TICKPIPE_TIMER_MS);

   // Sends a line and waits for its answer, at most `timeout_ms` and one `Sleep(1)`, 16 ms. 1500 is a good
   // limit: the server's own is 1000, and it always answers.
   // False: there is none; `LastCode` and `LastError` say why, and `WasSent` whether the server may
   // have acted on the line all the same.
   bool              Ask(const string text, string &reply, const int timeout_ms);

   // Sends a line and waits for nothing. For each line that was sent `Poll` gives one reply, in the order
   // of the lines: the server's, or `ERR` and a code of the client's own if the connection was lost.
   bool              Send(const string text);

   // Looks after the connection, waits for nothing, and takes the next reply to a `Send`, if one has
   // come. Call it from `OnTimer`. The reply may be an `ERR` line: then `LastCode` is its code, else
   // empty.
   bool              Poll(string &reply);

   // Gives the pipe back, and forgets the replies that were not polled. Call it from `OnDeinit`.
   void              Close();

   // Lets the client work while the tester optimizes: hundreds of tests at once on one program.
   void              AllowOptimization();

   ENUM_LINK_STATE   State() const { return m_state; }
   // The word and the sentence for why the last call failed; empty if it did not.
   string            LastCode() const { return m_code; }
   string            LastError() const { return m_error; }
   // Whether the last line was sent. If it was and has no reply, what became of it is unknown.
   bool              WasSent() const { return m_was_sent; }
   // Whether nobody knows what became of the last line: it was sent, and the program may have acted on it.
   // An EA that trades must ask what became of it before it asks again.
   bool              IsUnknown() const;
   // Whether the last line is worth sending again later: it was not sent, or the server answered with an
   // error that passes. Never true where `IsUnknown` is.
   bool              IsRetryable() const;
   // What to tell the trader about the connection. True once after each change.
   bool              News(string &text);
   // What was done so far, in a sentence.
   string            Summary() const;
   void              Counts(LineCounts &counts) const { counts = m_counts; }
};

CLineClient::CLineClient()
{
   m_state = LINK_CLOSED;
   m_timer_ms = 0;
   m_has_timer = false;
   m_is_tester = false;
   m_may_optimize = false;
   m_pipe = "";
   Forget();
}

CLineClient::~CLineClient()
{
   Close();
}

bool CLineClient::Connect(const string pipe, const int timer_ms)
{
   Close();
   Forget();
   const int length = StringLen(pipe);
   if(length == 0 || 200 < length || 0 <= StringFind(pipe, "\\") || 0 <= StringFind(pipe, "/"))
      return Fail("invalid_name", "pipe name `" + pipe + "` is not a name of 1 to 200 characters without `\\` and `/`");
   if(StringGetCharacter(pipe, 0) <= ' ' || StringGetCharacter(pipe, length - 1) <= ' ')
      return Fail("invalid_name", "pipe name `" + pipe + "` has a blank at an end");
   if(timer_ms < 0 || 250 < timer_ms)
      return Fail("invalid_config", "timer of " + IntegerToString(timer_ms) + " ms is out of range, allowed are 1 to 250 ms, or 0 for a timer of the EA's own");
   if(MQLInfoInteger(MQL_OPTIMIZATION) != 0 && !m_may_optimize)
      return Fail("invalid_config", "the tester optimizes, and each of its agents would talk to the same program; AllowOptimization() says that it may");
   m_pipe = pipe;
   m_is_tester = MQLInfoInteger(MQL_TESTER) != 0;
   m_state = LINK_WAITING;
   m_timer_ms = timer_ms;
   TendTimer();
   return true;
}

bool CLineClient::Ask(const string text, string &reply, const int timeout_ms)
{
   reply = "";
   Begin();
   m_counts.lines++;
   if(timeout_ms < 1 || TICKPIPE_TIMEOUT_MAX_MS < timeout_ms)
      return Refuse("invalid_config", "timeout of " + IntegerToString(timeout_ms) + " ms is out of range, allowed are 1 to " + IntegerToString(TICKPIPE_TIMEOUT_MAX_MS) + " ms");
   m_wait.Begin(timeout_ms);
   const int count = Encode(text);
   if(count < 0 || !IsReady() || !Transmit(count, PIPE_OWED_ASKED, timeout_ms) || !Await(timeout_ms))
      return false;
   Count(m_reply);
   if(!Judge(m_reply))
   {
      m_error = "the server answers: " + m_error;
      return false;
   }
   reply = m_reply;
   return true;
}

bool CLineClient::Send(const string text)
{
   Begin();
   m_counts.lines++;
   // In the tester the pipe may have to be opened first.
   m_wait.Begin(TICKPIPE_BACKOFF_MAX_MS);
   const int count = Encode(text);
   return 0 <= count && IsReady() && Transmit(count, PIPE_OWED_SENT, TICKPIPE_SENT_DUE_MS);
}

bool CLineClient::Poll(string &reply)
{
   reply = "";
   Begin();
   TendTimer();
   if(m_state == LINK_WAITING)
      TryConnect();
   if(m_state == LINK_CONNECTED && 0 <= Receive() && m_owed.IsOverdue(GetTickCount()))
      Lose("timed_out", "a reply is owed for too long");
   if(!m_inbox.Take(reply))
      return false;
   m_code = "";
   m_error = "";
   Judge(reply);
   return true;
}

void CLineClient::Close()
{
   Drop("closed", "the client was closed");
   m_inbox.Clear();
   if(m_has_timer)
      EventKillTimer();
   m_has_timer = false;
   m_timer_ms = 0;
   m_state = LINK_CLOSED;
}

void CLineClient::AllowOptimization()
{
   m_may_optimize = true;
}

bool CLineClient::IsUnknown() const
{
   if(!m_was_sent)
      return false;
   // The client's own: no reply came, or one that cannot be trusted.
   if(m_code == "bad_reply" || m_code == "closed" || m_code == "stopped" || m_code == "timed_out")
      return true;
   // The server's: its program had the line, and gave no answer that could be passed on.
   return m_code == "encoding" || m_code == "handler_ended" || m_code == "handler_panic" || m_code == "handler_timeout" || m_code == "shutting_down";
}

bool CLineClient::IsRetryable() const
{
   if(m_was_sent)
      return PipeIsRetryableCode(m_code) && !IsUnknown();
   return m_code == "bad_reply" || m_code == "busy" || m_code == "closed" || m_code == "not_found" || m_code == "timed_out";
}

bool CLineClient::News(string &text)
{
   text = m_news;
   m_news = "";
   return StringLen(text) != 0;
}

string CLineClient::Summary() const
{
   return IntegerToString(m_counts.lines) + " lines: " + IntegerToString(m_counts.answers) + " answered, "
          + IntegerToString(m_counts.errors) + " answered by an error, " + IntegerToString(m_counts.unanswered)
          + " without an answer (" + IntegerToString(m_counts.late) + " came too late), "
          + IntegerToString(m_counts.not_sent) + " not sent; connections made: " + IntegerToString(m_counts.connections);
}

// Begins anew: an EA's globals outlive a change of its chart's symbol.
void CLineClient::Forget()
{
   m_gave_up = false;
   m_told_missing = false;
   m_unanswered_row = 0;
   m_reply = "";
   m_has_reply = false;
   m_news = "";
   m_backoff.Reset();
   m_counts.lines = 0;
   m_counts.answers = 0;
   m_counts.errors = 0;
   m_counts.unanswered = 0;
   m_counts.not_sent = 0;
   m_counts.late = 0;
   m_counts.connections = 0;
   Begin();
}

// Begins a call: what was wrong in the last one is over.
void CLineClient::Begin()
{
   m_code = "";
   m_error = "";
   m_was_sent = false;
}

// Says why a call fails.
bool CLineClient::Fail(const string code, const string error)
{
   m_code = code;
   m_error = error;
   return false;
}

// Says why a line is not sent.
bool CLineClient::Refuse(const string code, const string error)
{
   m_counts.not_sent++;
   return Fail(code, error);
}

// Keeps what happened until the EA asks for it. An EA that never does must not have it grow.
void CLineClient::Tell(const string text)
{
   if(StringLen(m_news) == 0)
      m_news = text;
   else if(StringLen(m_news) < TICKPIPE_NEWS_MAX)
      m_news += "; " + text;
}

// Closes the pipe. What is still owed never comes, and each line that was sent by `Send` is told so.
void CLineClient::Drop(const string code, const string why)
{
   m_transport.Close();
   m_frame.Clear();
   m_unanswered_row = 0;
   while(!m_owed.IsEmpty())
   {
      const ENUM_PIPE_OWED kind = m_owed.Pop();
      // A late one was counted when it became late.
      if(kind != PIPE_OWED_LATE)
         m_counts.unanswered++;
      if(kind == PIPE_OWED_SENT)
         m_inbox.Put("ERR " + code + " " + why);
   }
}

// Gives the connection up, because it is gone or because it cannot be trusted to pair lines and replies
// any more. Only a new connection proves that they belong together.
bool CLineClient::Lose(const string code, const string why)
{
   Drop(code, why);
   m_state = LINK_WAITING;
   m_backoff.Failed(GetTickCount());
   m_told_missing = false;
   Tell("connection to " + m_pipe + " lost: " + why);
   return Fail(code, why);
}

// Ends a connection on which a line came that nobody asked for. A server that is full says so in one.
bool CLineClient::LoseTo(const string line)
{
   if(StringFind(line, "ERR ") == 0)
      return Lose("closed", "the server says: " + StringSubstr(line, 4));
   return Lose("bad_reply", "the server sent a line that nobody asked for");
}

// Sets the timer, again if need be: a terminal that starts with the EA on a chart can refuse it at first.
void CLineClient::TendTimer()
{
   if(m_timer_ms != 0 && !m_has_timer)
      m_has_timer = EventSetMillisecondTimer(m_timer_ms);
}

// Tries once to open the pipe, if it is time.
bool CLineClient::TryConnect()
{
   if(!m_backoff.IsDue(GetTickCount()))
      return false;
   if(m_transport.Open(m_pipe))
   {
      m_state = LINK_CONNECTED;
      m_counts.connections++;
      m_gave_up = false;
      m_told_missing = false;
      Tell("connected to " + m_pipe);
      return true;
   }
   m_backoff.Failed(GetTickCount());
   if(!m_told_missing)
      Tell("no server at " + m_pipe + ": " + PipeErrorText(m_transport.Error()) + "; start tickpipe, it is tried again each second");
   m_told_missing = true;
   return false;
}

// Connects from `OnTick`, where no timer does it. In the tester there is no chart that must not wait: the
// first line waits for the pipe as long as for its answer. Elsewhere it is tried once.
void CLineClient::ConnectHere()
{
   if(!m_is_tester)
   {
      TryConnect();
      return;
   }
   while(!TryConnect())
   {
      if(m_gave_up || IsStopped())
         return;
      m_gave_up = m_wait.IsOver();
   }
}

bool CLineClient::IsReady()
{
   TendTimer();
   const bool has_no_timer = m_timer_ms != 0 && !m_has_timer;
   if(m_state == LINK_WAITING && (m_is_tester || has_no_timer))
      ConnectHere();
   if(m_state == LINK_CONNECTED)
      return true;
   if(m_state == LINK_CLOSED)
      return Refuse("not_open", "Connect was not called, or Close was");
   return Refuse("not_found", "not connected to " + m_pipe + ", the line was not sent");
}

// Puts a line and its end into `m_request`, and returns how many bytes it is; -1 if it is no line.
int CLineClient::Encode(const string text)
{
   const int count = PipeTextToUtf8(text + "\r\n", m_request);
   bool is_line = false;
   if(StringLen(text) == 0)
      Refuse("empty", "the line is empty, and the server would answer it with an error");
   else if(0 <= StringFind(text, "\n"))
      Refuse("line_feed", "the line holds a line feed, and would be two lines");
   else if(TICKPIPE_REQUEST_LEN_MAX < count - 2)
      Refuse("too_long", "line of " + IntegerToString(count - 2) + " bytes exceeds the limit of " + IntegerToString(TICKPIPE_REQUEST_LEN_MAX) + " bytes");
   else
      is_line = true;
   return is_line ? count : -1;
}

// Takes all that has come before a line is sent: it cannot be that line's reply.
bool CLineClient::Drain()
{
   const ulong begun_us = GetMicrosecondCount();
   while(GetMicrosecondCount() - begun_us < TICKPIPE_DRAIN_US)
   {
      const int got = Receive();
      if(got == 0)
         return true;
      if(got < 0)
      {
         m_counts.not_sent++;
         return false;
      }
   }
   return Refuse("busy", "replies are still coming in; the line was not sent");
}

// Sends what `Encode` made, and takes note that its reply is owed.
bool CLineClient::Transmit(const int count, const ENUM_PIPE_OWED kind, const int due_in_ms)
{
   if(!Drain())
      return false;
   if(m_owed.IsEmpty() && !m_frame.IsEmpty())
   {
      m_counts.not_sent++;
      return Lose("bad_reply", "the server sent a part of a line that nobody asked for");
   }
   if(m_owed.IsOverdue(GetTickCount()))
   {
      m_counts.not_sent++;
      return Lose("timed_out", "a reply is owed for too long; the line was not sent");
   }
   // A reply to a sent line must have its place among those that nobody has polled yet.
   if(!m_owed.HasRoom(count, kind == PIPE_OWED_SENT ? m_inbox.Count() : 0))
      return Refuse("busy", "too many lines wait for their replies; the line was not sent");
   m_was_sent = true;
   m_has_reply = false;
   if(!m_transport.Write(m_request, count))
   {
      m_counts.unanswered++;
      return Lose("closed", PipeErrorText(m_transport.Error()) + "; whether the server got the line is unknown");
   }
   m_owed.Push(kind, count, GetTickCount() + (uint)due_in_ms);
   return true;
}

// Takes what has come, without waiting. Returns how many bytes, or -1 if the connection is lost.
int CLineClient::Receive()
{
   const int waiting = m_transport.Available();
   if(waiting == 0)
      return 0;
   if(waiting < 0)
   {
      Lose("closed", "the server has left");
      return -1;
   }
   if(!m_transport.Read(m_chunk, waiting))
   {
      Lose("closed", PipeErrorText(m_transport.Error()));
      return -1;
   }
   m_frame.Append(m_chunk, waiting);
   return TakeLines() ? waiting : -1;
}

bool CLineClient::TakeLines()
{
   string line = "";
   ENUM_PIPE_FRAME found = m_frame.Take(line);
   while(found == PIPE_FRAME_LINE)
   {
      if(!Deliver(line))
         return false;
      found = m_frame.Take(line);
   }
   if(found == PIPE_FRAME_TOO_LONG)
      return Lose("bad_reply", "the server sent a line of more than " + IntegerToString(TICKPIPE_REPLY_LEN_MAX) + " bytes");
   if(found == PIPE_FRAME_NUL)
      return Lose("bad_reply", "the server sent a line with a NUL character");
   if(found == PIPE_FRAME_NOT_UTF8)
      return Lose("bad_reply", "the server sent a line that is not UTF-8");
   return true;
}

// Gives a reply to whom it belongs.
bool CLineClient::Deliver(const string line)
{
   const ENUM_PIPE_OWED kind = m_owed.Pop();
   if(kind == PIPE_OWED_NOTHING)
      return LoseTo(line);
   m_backoff.Succeeded();
   if(kind == PIPE_OWED_ASKED)
   {
      m_reply = line;
      m_has_reply = true;
   }
   if(kind == PIPE_OWED_SENT)
   {
      Count(line);
      m_inbox.Put(line);
   }
   if(kind == PIPE_OWED_LATE)
      m_counts.late++;
   return true;
}

bool CLineClient::Await(const int timeout_ms)
{
   int got = Receive();
   while(0 <= got)
   {
      if(m_has_reply)
      {
         m_unanswered_row = 0;
         return true;
      }
      if(IsStopped())
         return Lose("stopped", "the EA is being stopped; what the server did with the line is unknown");
      if(m_wait.IsOver())
         return GiveUp(timeout_ms);
      if(got == 0)
         m_wait.Pause();
      got = Receive();
   }
   // A reply that came with something wrong behind it is no answer.
   if(m_has_reply)
      m_counts.unanswered++;
   m_error += "; what it did with the line is unknown";
   return false;
}

// Waits no longer for the line that was sent last. Its reply may still come, until the same time has
// passed once more.
bool CLineClient::GiveUp(const int timeout_ms)
{
   const string error = "no answer within " + IntegerToString(timeout_ms) + " ms; what the server did with the line is unknown";
   m_unanswered_row++;
   if(TICKPIPE_UNANSWERED_MAX <= m_unanswered_row)
      return Lose("timed_out", error);
   m_counts.unanswered++;
   m_owed.MakeLate(GetTickCount() + (uint)timeout_ms);
   return Fail("timed_out", error);
}

void CLineClient::Count(const string reply)
{
   if(StringFind(reply, "ERR ") == 0)
      m_counts.errors++;
   else
      m_counts.answers++;
}

// Tells an answer from an error.
bool CLineClient::Judge(const string reply)
{
   if(StringFind(reply, "ERR ") != 0)
      return true;
   const int blank = StringFind(reply, " ", 4);
   const int end = blank < 0 ? StringLen(reply) : blank;
   return Fail(PipeTextPart(reply, 4, end - 4), StringSubstr(reply, 4));
}
