// Facts about MQL on which our sources rest, both of the runtime and of a terminal: the same
// program prints the same in each. A line `differs` names what was found and what was expected.

int facts = 0;
int differences = 0;

void Check(const string what, const string found, const string expected)
  {
   facts++;
   if(found == expected)
      return;
   differences++;
   Print("differs: ", what, " is `", found, "`, expected `", expected, "`");
  }

void CheckNumber(const string what, const long found, const long expected)
  {
   Check(what, IntegerToString(found), IntegerToString(expected));
  }

string Joined(const uchar &bytes[])
  {
   string joined = "";
   for(int i = 0; i < ArraySize(bytes); i++)
      joined += (i == 0 ? "" : " ") + IntegerToString(bytes[i]);
   return joined;
  }

void CheckDoubles()
  {
   Check("eight digits", DoubleToString(1.5), "1.50000000");
   Check("five digits", DoubleToString(1.10012, 5), "1.10012");
   Check("no digits", DoubleToString(2.4, 0), "2");
   Check("a negative number", DoubleToString(-0.5, 1), "-0.5");
   Check("a scientific number", DoubleToString(12345.678, -3), "1.235e+04");
   Check("too many digits", DoubleToString(1.5, 17), "1.50000000");
   Check("a number", DoubleToString(StringToDouble("1.25"), 2), "1.25");
   Check("a number with blanks", DoubleToString(StringToDouble("  -3.5 "), 1), "-3.5");
   Check("a number with a comma", DoubleToString(StringToDouble("1,234.5"), 1), "1.0");
   Check("a number and a word", DoubleToString(StringToDouble("2.5x"), 1), "2.5");
   Check("an exponent", DoubleToString(StringToDouble("1.5e2"), 1), "150.0");
   Check("no number", DoubleToString(StringToDouble("abc"), 1), "0.0");
   Check("a rounded price", DoubleToString(NormalizeDouble(1.234567, 5), 5), "1.23457");
   Check("rounded up", DoubleToString(MathRound(2.5), 0), "3");
   Check("rounded down", DoubleToString(MathRound(-2.5), 0), "-3");
   Check("the floor", DoubleToString(MathFloor(-1.5), 0), "-2");
   Check("the ceiling", DoubleToString(MathCeil(-1.5), 0), "-1");
   Check("a power", DoubleToString(MathPow(10.0, -2.0), 2), "0.01");
   Check("a root", DoubleToString(MathSqrt(2.25), 1), "1.5");
   Check("an absolute value", DoubleToString(MathAbs(-1.5), 1), "1.5");
   CheckNumber("a valid number", MathIsValidNumber(1.0) ? 1 : 0, 1);
  }

void CheckIntegers()
  {
   CheckNumber("an integer", StringToInteger("-42"), -42);
   CheckNumber("an integer and a point", StringToInteger("7.9"), 7);
   CheckNumber("an integer and a word", StringToInteger("12 bars"), 12);
   CheckNumber("no integer", StringToInteger("x"), 0);
   Check("a padded integer", IntegerToString(42, 5), "   42");
   Check("zeros before an integer", IntegerToString(42, 5, '0'), "00042");
   Check("an integer too wide", IntegerToString(123456, 3), "123456");
   Check("the smallest", IntegerToString(-9223372036854775807), "-9223372036854775807");
   CheckNumber("the smaller", MathMin(3, 5), 3);
   CheckNumber("the larger", MathMax(3, 5), 5);
   const uint late = 5;
   const uint early = 4294967290;
   CheckNumber("a difference over the wrap", late - early, 11);
   int large = 2147483647;
   large++;
   CheckNumber("beyond the largest int", large, -2147483647 - 1);
   CheckNumber("a division", -7 / 2, -3);
   CheckNumber("a remainder", -7 % 2, -1);
  }

void CheckStrings()
  {
   CheckNumber("a length", StringLen("abc"), 3);
   Check("a part", StringSubstr("abcdef", 2, 3), "cde");
   Check("the rest", StringSubstr("abcdef", 2), "cdef");
   Check("a part beyond the end", StringSubstr("abc", 1, 9), "bc");
   Check("a part of nothing", StringSubstr("abc", 3, 1), "");
   CheckNumber("found", StringFind("abcabc", "c"), 2);
   CheckNumber("found further on", StringFind("abcabc", "c", 3), 5);
   CheckNumber("not found", StringFind("abc", "x"), -1);
   CheckNumber("a character", StringGetCharacter("abc", 1), 'b');
   string word = "abc";
   CheckNumber("a character set", StringSetCharacter(word, 1, 'X') ? 1 : 0, 1);
   Check("the word", word, "aXc");
   CheckNumber("a character added", StringSetCharacter(word, 3, 'd') ? 1 : 0, 1);
   Check("the longer word", word, "aXcd");
   CheckNumber("a zero set", StringSetCharacter(word, 2, 0) ? 1 : 0, 1);
   Check("the shorter word", word, "aX");
   string line = "a,b,a";
   CheckNumber("replaced", StringReplace(line, "a", "xy"), 2);
   Check("the line", line, "xy,b,xy");
   CheckNumber("not replaced", StringReplace(line, "q", "z"), 0);
   string parts[];
   CheckNumber("parts", StringSplit("1;;2", ';', parts), 3);
   Check("an empty part", parts[1], "");
   Check("the last part", parts[2], "2");
   CheckNumber("parts of one", StringSplit("12", ';', parts), 1);
   CheckNumber("parts of nothing", StringSplit("", ';', parts), 0);
   string mixed = "aBc";
   CheckNumber("lower", StringToLower(mixed) ? 1 : 0, 1);
   Check("in lower case", mixed, "abc");
   CheckNumber("upper", StringToUpper(mixed) ? 1 : 0, 1);
   Check("in upper case", mixed, "ABC");
   CheckNumber("compared", StringCompare("a", "b"), -1);
   CheckNumber("compared by case", StringCompare("A", "a"), 1);
   CheckNumber("compared without case", StringCompare("A", "a", false), 0);
   Check("one character", ShortToString('x'), "x");
   Check("one byte", CharToString(65), "A");
   CheckNumber("a smaller string", "a" < "b" ? 1 : 0, 1);
  }

void CheckBytes()
  {
   uchar bytes[];
   CheckNumber("bytes with the zero", StringToCharArray("abc", bytes), 4);
   Check("the bytes", Joined(bytes), "97 98 99 0");
   ArrayFree(bytes);
   CheckNumber("bytes counted", StringToCharArray("abc", bytes, 0, 2), 2);
   Check("the counted bytes", Joined(bytes), "97 98");
   ArrayFree(bytes);
   CheckNumber("bytes of UTF-8", StringToCharArray("\x20AC", bytes, 0, WHOLE_ARRAY, CP_UTF8), 4);
   Check("the bytes of UTF-8", Joined(bytes), "226 130 172 0");
   CheckNumber("bytes further on", StringToCharArray("z", bytes, 2), 2);
   Check("the bytes then", Joined(bytes), "226 130 122 0");
   const uchar line[6] = {104, 105, 0, 106, 107, 108};
   Check("up to the zero", CharArrayToString(line), "hi");
   Check("counted", CharArrayToString(line, 3, 2), "jk");
   Check("UTF-8", CharArrayToString(bytes, 0, 0, CP_UTF8), "");
   const uchar euro[3] = {226, 130, 172};
   CheckNumber("a character of UTF-8", StringGetCharacter(CharArrayToString(euro, 0, 3, CP_UTF8), 0), 0x20AC);
  }

void CheckArrays()
  {
   int values[];
   CheckNumber("resized", ArrayResize(values, 3, 10), 3);
   CheckNumber("initialised", ArrayInitialize(values, 7), 3);
   CheckNumber("grown", ArrayResize(values, 5), 5);
   CheckNumber("kept", values[2], 7);
   ArrayFill(values, 3, 2, 9);
   CheckNumber("filled", values[4], 9);
   const int source[3] = {1, 2, 3};
   CheckNumber("copied", ArrayCopy(values, source), 3);
   CheckNumber("the copy", values[2], 3);
   CheckNumber("copied to the end", ArrayCopy(values, source, 4, 1), 2);
   CheckNumber("grown by the copy", ArraySize(values), 6);
   CheckNumber("the last", values[5], 3);
   CheckNumber("shrunk", ArrayResize(values, 1), 1);
   ArrayFree(values);
   CheckNumber("freed", ArraySize(values), 0);
  }

void CheckTimes()
  {
   const datetime time = D'2024.02.29 12:34:56';
   CheckNumber("seconds", time, 1709210096);
   Check("a minute", TimeToString(time), "2024.02.29 12:34");
   Check("a second", TimeToString(time, TIME_DATE | TIME_SECONDS), "2024.02.29 12:34:56");
   Check("a date", TimeToString(time, TIME_DATE), "2024.02.29");
   Check("a time of day", TimeToString(time, TIME_SECONDS), "12:34:56");
   CheckNumber("read", StringToTime("2024.02.29 12:34:56"), time);
   CheckNumber("read to the minute", StringToTime("2024.02.29 12:34"), time - 56);
   MqlDateTime parts;
   TimeToStruct(time, parts);
   CheckNumber("the year", parts.year, 2024);
   CheckNumber("the month", parts.mon, 2);
   CheckNumber("the day", parts.day, 29);
   CheckNumber("the hour", parts.hour, 12);
   CheckNumber("the day of the week", parts.day_of_week, 4);
   CheckNumber("the day of the year", parts.day_of_year, 59);
   CheckNumber("and back", StructToTime(parts), time);
   CheckNumber("an hour", PeriodSeconds(PERIOD_H1), 3600);
  }

void CheckFormats()
  {
   Check("an integer", StringFormat("%d|%5d|%-5d|%05d", 1, 2, 3, 4), "1|    2|3    |00004");
   Check("a hexadecimal", StringFormat("%x %X", 255, 255), "ff FF");
   Check("a double", StringFormat("%.2f %8.3f %g", 1.5, 2.25, 0.5), "1.50    2.250 0.5");
   Check("a string", StringFormat("%s|%5s|%-5s|%.2s", "a", "b", "c", "defg"), "a|    b|c    |de");
   Check("a percent sign", StringFormat("%d%%", 5), "5%");
   Check("64 bits", StringFormat("%I64d", 5000000000), "5000000000");
   Check("a character", StringFormat("%c", 'x'), "x");
  }

void CheckFiles()
  {
   const string name = "facts.txt";
   int handle = FileOpen(name, FILE_WRITE | FILE_TXT | FILE_ANSI);
   CheckNumber("opened for writing", handle == INVALID_HANDLE ? 0 : 1, 1);
   CheckNumber("written", FileWriteString(handle, "one\r\ntwo\r\n"), 10);
   FileClose(handle);
   CheckNumber("there", FileIsExist(name) ? 1 : 0, 1);
   handle = FileOpen(name, FILE_READ | FILE_TXT | FILE_ANSI);
   CheckNumber("its size", (long)FileSize(handle), 10);
   Check("the first line", FileReadString(handle), "one");
   Check("the second line", FileReadString(handle), "two");
   FileClose(handle);
   handle = FileOpen(name, FILE_READ | FILE_WRITE | FILE_BIN | FILE_ANSI);
   CheckNumber("sought", FileSeek(handle, 0, SEEK_END) ? 1 : 0, 1);
   CheckNumber("a number written", FileWriteInteger(handle, 258, SHORT_VALUE), 2);
   CheckNumber("sought again", FileSeek(handle, 10, SEEK_SET) ? 1 : 0, 1);
   CheckNumber("a byte", FileReadInteger(handle, CHAR_VALUE), 2);
   CheckNumber("the next byte", FileReadInteger(handle, CHAR_VALUE), 1);
   CheckNumber("back to the start", FileSeek(handle, 0, SEEK_SET) ? 1 : 0, 1);
   Check("counted characters", FileReadString(handle, 3), "one");
   FileClose(handle);
   CheckNumber("deleted", FileDelete(name) ? 1 : 0, 1);
   CheckNumber("gone", FileIsExist(name) ? 1 : 0, 0);
   ResetLastError();
   CheckNumber("not opened", FileOpen("missing.txt", FILE_READ | FILE_TXT | FILE_ANSI), INVALID_HANDLE);
   CheckNumber("why", GetLastError(), 5004);
  }

void CheckAll()
  {
   CheckDoubles();
   CheckIntegers();
   CheckStrings();
   CheckBytes();
   CheckArrays();
   CheckTimes();
   CheckFormats();
   CheckFiles();
   Print(facts, " facts, ", differences, " differ");
  }
