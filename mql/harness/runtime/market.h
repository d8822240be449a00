// The symbol of the chart and its last tick.
#pragma once

#include "numbers.h"

#include <string>

namespace mql {

struct Quote {
    double bid = 0;
    double ask = 0;
    types::mql_long time_ms = 0;
};

/// Names the symbol of the chart; before the start.
void set_symbol(const std::wstring &name, int symbol_digits);

void set_quote(const Quote &latest);

bool has_quote();

/// The time of the last tick in milliseconds since 1970; that of the start before the first.
types::mql_long last_tick_ms();

} // namespace mql
