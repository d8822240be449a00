// refused 3: `#import` is not part of our MQL: nothing of ours calls a DLL
#property strict
#import "kernel32.dll"

void OnTick()
{
}
