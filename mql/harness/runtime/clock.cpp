#include "clock.h"

#include "api.h"
#ifdef __MQL5__
#include "api5.h"
#endif
#include "handlers.h"
#include "market.h"
#include "switches.h"
#include "system.h"

#include <algorithm>

namespace mql::clock {

namespace {

/// 2024.01.01 00:00:00.
constexpr types::mql_long CALENDAR_START_MS = 1704067200000;
/// Windows counts in steps of about this.
constexpr std::uint64_t TICK_COUNT_STEP_MS = 16;

std::uint64_t advanced_us = 0;
/// Added to the milliseconds since the start.
types::ulong tick_count_base = 0;
types::mql_long latest_model_ms = CALENDAR_START_MS;

/// Since the first who asked.
std::uint64_t real_us() {
    static const std::uint64_t start_ns = windows::now_ns();
    return (windows::now_ns() - start_ns) / 1000;
}

types::ulong uncorrected_tick_count() {
    const std::uint64_t real_ms = real_us() / 1000;
    return real_ms - real_ms % TICK_COUNT_STEP_MS + advanced_us / 1000;
}

types::ulong tick_count() { return tick_count_base + uncorrected_tick_count(); }

/// Waits in slices, as a terminal does to see the stop flag.
void sleep_real(std::uint64_t milliseconds) {
    constexpr std::uint64_t SLICE_MS = 100;
    while (0 < milliseconds && !is_stop_flag_set()) {
        const std::uint64_t slice = std::min(milliseconds, SLICE_MS);
        windows::sleep_ms(static_cast<std::uint32_t>(slice));
        milliseconds -= slice;
    }
}

} // namespace

std::uint64_t now_us() { return real_us() + advanced_us; }

types::mql_long model_ms() { return latest_model_ms; }

void set_model_ms(types::mql_long time_ms) { latest_model_ms = std::max(latest_model_ms, time_ms); }

types::mql_long calendar_ms() {
    return CALENDAR_START_MS + static_cast<types::mql_long>(now_us() / 1000);
}

void advance_us(std::uint64_t microseconds) {
    advanced_us += microseconds;
    set_model_ms(latest_model_ms + static_cast<types::mql_long>(microseconds / 1000));
}

void set_tick_count(types::uint value) { tick_count_base = value - uncorrected_tick_count(); }

} // namespace mql::clock

namespace mql::api {

namespace {

datetime wall_time() {
    return (switches().tester ? clock::model_ms() : clock::calendar_ms()) / 1000;
}

} // namespace

uint GetTickCount() { return static_cast<uint>(clock::tick_count()); }

#ifdef __MQL5__
ulong GetTickCount64() { return clock::tick_count(); }
#endif

ulong GetMicrosecondCount() { return clock::now_us(); }

datetime TimeCurrent() { return last_tick_ms() / 1000; }
datetime TimeLocal() { return wall_time(); }
datetime TimeGMT() { return wall_time(); }

void Sleep(int milliseconds) {
    if (milliseconds <= 0) {
        return;
    }
    if (!switches().tester) {
        clock::sleep_real(static_cast<std::uint64_t>(milliseconds));
    } else if (!IS_MQL4) {
        clock::set_model_ms(clock::model_ms() + milliseconds);
    }
}

} // namespace mql::api
