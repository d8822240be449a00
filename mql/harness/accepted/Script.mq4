// A script: operators, arrays of objects, overloads, the terminal's own types.
#property strict
#property script_show_inputs

#define ROWS     3
#define EMPTY    ""
#define LIMIT    (ROWS * 100 - 1)
#define HIGHEST  0x7FFFFFFFFFFFFFFF

enum ENUM_SIDE
  {
   SIDE_BUY  = ROWS + 1,
   SIDE_SELL = -1
  };

struct Row
  {
   datetime time;
   color shade;
   bool is_set;
   ushort letter;
   ENUM_SIDE side;
   double prices[ROWS];
  };

struct Table
  {
   Row rows[ROWS];
   Row last;
  };

class CCounter
  {
public:
   CCounter(void) { m_count = 0; m_limit = LIMIT; }
   void Add() { Add(1); }
   void Add(const int count);
   int Count() const { return m_count; }
   bool IsFull() const;
   int Copy(uchar &target[], const uchar &source[], const int from = 0);

private:
   int m_count, m_limit;
  };

class COwner
  {
private:
   CCounter m_counter;
   CCounter m_counters[2];

public:
   int Run();
   void Tell(const CCounter &counter) const { Print("count ", counter.Count()); }
  };

input ENUM_SIDE InpSide = SIDE_SELL;
input uint InpSeed = 42;
input long InpMagic = -5000000000;
input double InpFactor = 1.5e-3;

Table table;
COwner owner;
ENUM_SIDE side = SIDE_BUY;
string words[2] = {"a", "b"};

void OnStart()
  {
   Print(owner.Run(), EMPTY);
   table.rows[0].prices[1] = 1.5;
   table.rows[ROWS - 1].side = InpSide;
   table.last = table.rows[0];
   Operators(7);
   Flow(words);
   MqlTick tick;
   if(SymbolInfoTick(_Symbol, tick))
      ShowTick(tick);
   Print(Name(SIDE_BUY), " ", Name(PERIOD_M1), " ", EnumToString(side));
  }

bool CCounter::IsFull() const
  {
   return m_count >= m_limit;
  }

void CCounter::Add(const int count)
  {
   m_count += count;
  }

int CCounter::Copy(uchar &target[], const uchar &source[], const int from)
  {
   return ArrayCopy(target, source, 0, from);
  }

int COwner::Run()
  {
   m_counter.Add();
   m_counters[1].Add(2);
   Tell(m_counters[1]);
   uchar bytes[];
   uchar fixed[2] = {1, 0xFF};
   int copied = m_counter.Copy(bytes, fixed);
   return m_counter.IsFull() ? copied : m_counter.Count();
  }

void Operators(const int start)
  {
   int x = start, y = 0;
   uint z = InpSeed;
   ulong big = HIGHEST;
   x += 1;
   x -= 2;
   x *= 3;
   x /= 4;
   x %= 5;
   x <<= 1;
   x >>= 1;
   x |= 8;
   x &= ~1;
   x ^= 3;
   ++x;
   --x;
   y = x++;
   y = -(x + 1) * 2 - x / 3 % 2;
   z = z ^ (z << 13);
   z = z ^ (z >> 17);
   big = (big & 0xFFFF) | (ulong)z;
   bool is_odd = (x & 1) != 0 || (!(x > 3) && x <= 5);
   y = x == 0 ? 1 : x < 0 ? 2 : 3;
   x = y = 4;
   double ratio = (double)x / y;
   ENUM_SIDE from_number = (ENUM_SIDE)(-1);
   Print(x, " ", y, " ", z, " ", big, " ", is_odd, " ", DoubleToString(ratio, 2), " ", EnumToString(from_number));
  }

void Flow(const string &list[])
  {
   static const int SQUARES[3] = {0, 1, 4};
   static string last = "";
   for(int i = 0; i < ArraySize(list); ++i)
      for(int j = ArraySize(list) - 1; j >= 0; --j)
        {
         if(i == j)
            continue;
         if(list[i] == list[j])
            Print("same");
         else
            if(list[i] < list[j])
               last = list[i] + list[j];
            else
              {
               last = list[j];
              }
        }
   int left = SQUARES[2];
   do
      left--;
   while(left > 0);
   while(true)
     {
      switch(left)
        {
         case 0:
           {
            left = 1;
            break;
           }
         case 1:
         case 2:
           {
            left = 3;
           }
         break;
         default:
           {
            Print(last, " ", __FUNCTION__);
            return;
           }
        }
     }
  }

void ShowTick(const MqlTick &tick)
  {
   Print(TimeToString(tick.time), " ", DoubleToString(tick.bid, _Digits));
  }

string Name(const ENUM_SIDE value)
  {
   return EnumToString(value);
  }

string Name(const ENUM_TIMEFRAMES value)
  {
   return EnumToString(value);
  }
