// The times a program can ask for.
#pragma once

#include "numbers.h"

#include <cstdint>

namespace mql::clock {

/// Microseconds since the start: real ones, and those that `advance` added.
std::uint64_t now_us();

/// The tester's time in milliseconds since 1970: of the last tick, and what Sleep added in MQL5.
types::mql_long model_ms();
/// Moves the tester's time; it never goes back.
void set_model_ms(types::mql_long time_ms);

/// Where the calendar stands: 2024.01.01 00:00:00 and the clock, in milliseconds since 1970.
types::mql_long calendar_ms();

/// Moves both clocks without waiting.
void advance_us(std::uint64_t microseconds);

/// Sets what GetTickCount answers now.
void set_tick_count(types::uint value);

} // namespace mql::clock
