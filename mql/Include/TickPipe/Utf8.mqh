// TickPipe\Utf8.mqh: text and its bytes on the pipe.
//
// MQL's own string calls write the system's code page, which turns most of Unicode into `?`. So text
// goes over the pipe as bytes, and the bytes are UTF-8.

// Puts the bytes of a text into `bytes`, without the zero that ends MQL's strings.
//
// Returns how many there are. `bytes` may be longer: it is kept between calls and only grows. Whether
// the zero is counted is looked at, and not taken on trust: a line without its end is never answered.
int PipeTextToUtf8(const string text, uchar &bytes[])
{
   if(StringLen(text) == 0)
      return 0;
   const int copied = StringToCharArray(text, bytes, 0, -1, CP_UTF8);
   return 0 < copied && bytes[copied - 1] == 0 ? copied - 1 : copied;
}

// Returns the text of `count` bytes, which must be UTF-8 and hold no zero.
string PipeUtf8ToText(const uchar &bytes[], const int start, const int count)
{
   if(count == 0)
      return "";
   return CharArrayToString(bytes, start, count, CP_UTF8);
}

// Returns how many bytes a character has that begins with `first`; 0 if none begins so.
int PipeUtf8Length(const uchar first)
{
   if(first < 0x80)
      return 1;
   if(first < 0xC2)
      return 0;
   if(first < 0xE0)
      return 2;
   if(first < 0xF0)
      return 3;
   return first < 0xF5 ? 4 : 0;
}

// Whether the second byte of a character may follow its first: what is cut out are longer forms than
// needed, surrogates, and what lies beyond Unicode.
// https://www.rfc-editor.org/rfc/rfc3629#section-4
bool PipeIsUtf8Second(const uchar first, const uchar second)
{
   if(second < 0x80 || 0xBF < second)
      return false;
   if(first == 0xE0)
      return 0xA0 <= second;
   if(first == 0xED)
      return second <= 0x9F;
   if(first == 0xF0)
      return 0x90 <= second;
   if(first == 0xF4)
      return second <= 0x8F;
   return true;
}

// Whether `count` bytes are UTF-8.
bool PipeIsUtf8(const uchar &bytes[], const int start, const int count)
{
   const int end = start + count;
   int at = start;
   while(at < end)
   {
      const uchar first = bytes[at];
      const int length = PipeUtf8Length(first);
      if(length == 0 || end < at + length)
         return false;
      if(1 < length && !PipeIsUtf8Second(first, bytes[at + 1]))
         return false;
      for(int i = 2; i < length; i++)
      {
         const uchar next = bytes[at + i];
         if(next < 0x80 || 0xBF < next)
            return false;
      }
      at += length;
   }
   return true;
}
