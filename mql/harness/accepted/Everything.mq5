//+------------------------------------------------------------------+
//| Every construct of the subset.                                   |
//+------------------------------------------------------------------+
#property copyright "tickpipe"
#property link "https://example.com" // not a comment
#property version "1.00"
#property strict

#include "Double.mqh"
#include "Double.mqh"

/* Inputs, of
   several types. */
input string InpPipe = "TestPipe"; // Pipe name
input int InpTimeoutMs = 500;
input ENUM_LINK_STATE InpState = LINK_CLOSED;
input datetime InpFrom = D'2024.01.01 00:00';
input color InpColor = C'255,0x80,0';
input bool InpIsLoud = true;

CLink link;
uchar bytes[];
int ring[4] = {1, 2, 3, 4};
const double FACTORS[2] = {0.5, 1e-3};
long big = 5000000000;
ulong mask = 0xFFFFFFFFFFFFFFFF;
int first = 1, second = -1;

int OnInit()
  {
   if(!link.Open(InpPipe))
      return INIT_FAILED;
   EventSetMillisecondTimer(25);
   Print("state ", EnumToString(link.State()), " of ", DIALECT);
   return INIT_SUCCEEDED;
  }

void OnDeinit(const int reason)
  {
   EventKillTimer();
   link.Close();
   Comment("");
   Print("reason ", reason);
  }

void OnTick()
  {
   static int count = 0;
   count++;
   const double bid = SymbolInfoDouble(_Symbol, SYMBOL_BID);
   if(count % 2 == 0 && !link.Send(DoubleToString(bid, _Digits)))
      Print("tick ", count, ": ", Word(link.State()));
   Reply reply;
   reply.text = "";
   link.Last(reply);
   reply.values[0] = bid;
   ArrayResize(reply.bytes, 4);
   ArrayResize(bytes, 8, 64);
   Fill(bytes, 'x');
   Print(Sum(ring, 2), " ", Sum(ring), " ", reply.text, " ", mask, " ", big);
   double half = bid;
   Halve(half);
   ring[0] = half < bid ? first : second;
  }

void OnTimer()
  {
   int left = InpTimeoutMs;
   while(0 < left)
     {
      left -= 25;
      if(left == 100)
         break;
     }
   do
     {
      left++;
     }
   while(left < 0);
   int i = 0;
   for(i = 0; i < 3; i++)
      ring[i] <<= 1;
   for(;;)
     {
      if(IsStopped() || 10 < i)
         break;
      i += 3;
     }
     {
      int inner = (~first & 0xFF) | (second ^ 3);
      inner = -inner - -1;
      Print((string)inner, ' ', '\n', '\x41', "tab\t\"quoted\" caf\xE9 \\\\.\\pipe\\", inner > 0);
     }
  }

string Word(const ENUM_LINK_STATE state)
  {
   switch(state)
     {
      case LINK_CLOSED:
      case LINK_BROKEN:
        {
         return "down";
        }
      case LINK_OPEN:
        {
         Print("open");
        }
        break;
      default:
        {
         break;
        }
     }
   return "up";
  }

void Fill(uchar &array[], const uchar value)
  {
   for(int i = 0; i < ArraySize(array); i++)
      array[i] = value;
  }

int Sum(const int &values[], const int from = 0)
  {
   int sum = 0;
   for(int i = from; i < ArraySize(values); i++)
      sum += values[i];
   return sum;
  }

void Halve(double &value)
  {
   value = value / 2;
  }
