// TickPipe\Constants.mqh: what the wire fixes. Made by `cargo xtask mql constants`, not by hand.

// The longest line that a server takes, and the longest that it answers, without their ends, in bytes.
#define TICKPIPE_REQUEST_LEN_MAX 4096
#define TICKPIPE_REPLY_LEN_MAX   65536

// Whether a line that was answered by `ERR` and this code may be sent again later.
bool PipeIsRetryableCode(const string code)
{
   if(code == "busy")
      return true;
   if(code == "handler_busy")
      return true;
   if(code == "handler_ended")
      return true;
   if(code == "handler_timeout")
      return true;
   if(code == "handler_unavailable")
      return true;
   if(code == "line_timeout")
      return true;
   if(code == "rate")
      return true;
   if(code == "shutting_down")
      return true;
   return false;
}
