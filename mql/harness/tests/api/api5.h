// Functions that only MQL5 has.

// https://www.mql5.com/en/docs/common/gettickcount64
ulong GetTickCount64();
