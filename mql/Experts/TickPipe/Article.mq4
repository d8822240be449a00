// Article: what the published example does, kept to show that it is always answered.
//
// NOT FOR USE ON A CHART THAT MATTERS. It waits in a read that nothing ends: when the program at the
// other end is killed, it never returns from `OnTick`, and its terminal has to be ended by hand. That is
// how the example was published, and why TickPipeDouble exists, which does the same and cannot freeze.

#property strict
#property copyright "the tickpipe authors, MIT or Apache-2.0"
#property version "0.10"
#property description "DO NOT USE: it freezes its chart when the server is killed. Use TickPipeDouble."
#property description "It is kept to show that the published example is always answered."

input string InpPipe = "TestPipe"; // Pipe: the name that tickpipe serves
input bool   InpFlush = false;     // FileFlush after each write, which the published example leaves out

int pipe = INVALID_HANDLE;

int OnInit()
{
   pipe = FileOpen("\\\\.\\pipe\\" + InpPipe, FILE_READ | FILE_WRITE | FILE_BIN | FILE_ANSI);
   if(pipe != INVALID_HANDLE)
      return INIT_SUCCEEDED;
   Print("cannot open the pipe, error ", GetLastError());
   return INIT_FAILED;
}

// Reads a character at a time until the line ends, however long that takes.
string ReadLine()
{
   string line = "";
   string character = "";
   while(character != "\n")
   {
      character = FileReadString(pipe, 1);
      line += character;
   }
   return line;
}

void OnTick()
{
   FileWriteString(pipe, DoubleToString(Bid) + "\r\n");
   if(InpFlush)
      FileFlush(pipe);
   Print(ReadLine());
}

void OnDeinit(const int reason)
{
   FileClose(pipe);
}
