// Functions that only MQL4 has.

// https://docs.mql4.com/check/istesting
bool IsTesting();
