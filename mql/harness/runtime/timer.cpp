#include "api.h"
#include "clock.h"
#include "errors.h"
#include "handlers.h"
#include "switches.h"
#include "system.h"
#include "transcript.h"

#include <algorithm>

namespace mql::timer {

namespace {

struct Timer {
    std::uint64_t period_us = 0; // 0 for none.
    std::uint64_t due_us = 0;
};

Timer timer;

/// A program in the tester lives in the tester's time.
std::uint64_t time_us() {
    return switches().tester ? static_cast<std::uint64_t>(clock::model_ms()) * 1000
                             : clock::now_us();
}

/// MQL4's tester knows no OnTimer.
bool is_running() { return timer.period_us != 0 && !(IS_MQL4 && switches().tester); }

/// One event is queued at most: the times that have passed are one event, and while it is handled
/// one more can fall due.
void fire() {
    const std::uint64_t now = time_us();
    const std::uint64_t late_us = now < timer.due_us ? 0 : now - timer.due_us;
    timer.due_us += (late_us / timer.period_us + 1) * timer.period_us;
    run_timer();
}

} // namespace

void set(std::uint64_t period_us) {
    timer.period_us = period_us;
    timer.due_us = time_us() + period_us;
}

void kill() { timer.period_us = 0; }

void fire_if_due() {
    if (is_running() && timer.due_us <= time_us()) {
        fire();
    }
}

void advance(std::uint64_t us) {
    const std::uint64_t end_us = time_us() + us;
    while (is_running() && timer.due_us <= end_us) {
        const std::uint64_t now = time_us();
        if (now < timer.due_us) {
            clock::advance_us(timer.due_us - now);
        }
        fire();
    }
    const std::uint64_t now = time_us();
    if (now < end_us) {
        clock::advance_us(end_us - now);
    }
}

void wait_until(std::uint64_t deadline_us, bool (*is_done)()) {
    while (!is_done()) {
        const std::uint64_t now = clock::now_us();
        const bool is_real = is_running() && !switches().tester;
        // A handler that is slower than its period is always due: not beyond the deadline.
        if (is_real && timer.due_us <= std::min(now, deadline_us)) {
            fire();
        } else if (deadline_us <= now) {
            return;
        } else {
            send_transcript();
            const std::uint64_t next = is_real ? std::min(deadline_us, timer.due_us) : deadline_us;
            windows::sleep_ms(static_cast<std::uint32_t>((next - now + 999) / 1000));
        }
    }
}

void start_model_at(std::int64_t time_ms) {
    clock::set_model_ms(time_ms);
    timer.due_us = time_us() + timer.period_us;
}

void play_model_until(std::int64_t time_ms) {
    while (is_running() && timer.due_us / 1000 <= static_cast<std::uint64_t>(time_ms)) {
        clock::set_model_ms(static_cast<types::mql_long>(timer.due_us / 1000));
        fire();
    }
    clock::set_model_ms(time_ms);
}

} // namespace mql::timer

namespace mql::api {

bool EventSetMillisecondTimer(int milliseconds) {
    if (milliseconds <= 0 || switches().timer_refuses) {
        set_last_error(errors::WRONG_TIMER);
        return false;
    }
    timer::set(static_cast<std::uint64_t>(milliseconds) * 1000);
    return true;
}

bool EventSetTimer(int seconds) {
    constexpr int SECONDS_MAX = 2147483;
    return EventSetMillisecondTimer(seconds <= SECONDS_MAX ? seconds * 1000 : 0);
}

void EventKillTimer() { timer::kill(); }

} // namespace mql::api
