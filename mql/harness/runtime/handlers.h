// The program's handlers: when they run, and how the program ends.
#pragma once

#include "stats.h"

#include <cstdint>
#include <string>

namespace mql {

bool is_started();

/// OnInit or OnStart; the code of OnInit. Does not return if OnInit fails.
int start_program();

/// OnTick, after the timers that are due.
void run_tick();

/// OnTimer.
void run_timer();

/// OnDeinit and OnInit, globals kept; the code of OnInit.
int restart_program(int reason);

/// OnDeinit, then the destructors of the program, `leak` lines and the reply `ok VALUE`.
[[noreturn]] void end_program(int reason, const std::string &value = "");

bool is_stop_flag_set();
void set_stop_flag();
/// Has the program end after the handler that runs (ExpertRemove).
void ask_removal();

/// The timer of the program.
namespace timer {

void set(std::uint64_t period_us);
void kill();

/// Moves the clock without waiting, and fires what falls due one by one.
void advance(std::uint64_t us);
/// Waits until `deadline_us` of the clock, fires what falls due, and ends early when `is_done`.
void wait_until(std::uint64_t deadline_us, bool (*is_done)());
/// Fires once if it is due, however often it should have.
void fire_if_due();
/// The tester's time begins with the first tick.
void start_model_at(std::int64_t time_ms);
/// Plays the tester's time up to a tick.
void play_model_until(std::int64_t time_ms);

} // namespace timer
} // namespace mql
