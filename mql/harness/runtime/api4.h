// What only MQL4 has of our list, in the same form as api.h.
#pragma once

#include "constants.h"

namespace mql::api {

// https://docs.mql4.com/check/istesting
bool IsTesting();
// https://docs.mql4.com/series/refreshrates
bool RefreshRates();

// Predefined variables, set before each handler: https://docs.mql4.com/predefined
extern const double &Bid;
extern const double &Ask;
extern const int &Digits;
extern const double &Point;

} // namespace mql::api
