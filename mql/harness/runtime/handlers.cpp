#include "handlers.h"

#include "api.h"
#include "errors.h"
#include "files.h"
#include "program.h"
#include "system.h"
#include "transcript.h"

#include <atomic>
#include <cstdlib>

namespace mql {

namespace {

// Plain values, so that they are there before the first object of the program and after the last.
struct State {
    bool is_started = false;
    bool is_ending = false;
    bool removal_is_asked = false;
    int last_error = 0;
};

State state;
std::atomic<bool> stop_flag{false};

/// The last of all to be destroyed, for it is the first to be made: after the program's globals,
/// whose destructors may still print and close files.
struct End {
    std::string value;

    ~End() {
        if (!state.is_ending) {
            return;
        }
        report_leaks();
        reply(value.empty() ? "ok" : "ok " + value);
        windows::end_process(0);
    }
};

End end __attribute__((init_priority(101)));

template <class Call> void run(Handler handler, Call call) {
    stats::handler_begins();
    call();
    stats::handler_ends(handler);
    if (state.removal_is_asked && !state.is_ending) {
        transcribe("removed", std::string());
        end_program(api::REASON_PROGRAM);
    }
}

int run_init() {
    int code = api::INIT_SUCCEEDED;
    state.last_error = 0;
    if (program_table.init != nullptr) {
        run(Handler::init, [&] { code = program_table.init(); });
    }
    transcribe("init", std::to_string(code));
    if (code != api::INIT_SUCCEEDED) {
        end_program(api::REASON_INITFAILED, std::to_string(code));
    }
    return code;
}

void run_deinit(int reason) {
    transcribe("deinit", std::to_string(reason));
    if (program_table.deinit != nullptr) {
        run(Handler::deinit, [reason] { program_table.deinit(reason); });
    }
}

} // namespace

bool is_started() { return state.is_started; }

int start_program() {
    state.is_started = true;
    if (program_table.start != nullptr) {
        run(Handler::start, program_table.start);
        return 0;
    }
    return run_init();
}

void run_tick() {
    if (program_table.tick != nullptr) {
        run(Handler::tick, program_table.tick);
    }
}

void run_timer() {
    if (program_table.timer != nullptr) {
        run(Handler::timer, program_table.timer);
    }
}

int restart_program(int reason) {
    stop_flag = true;
    run_deinit(reason);
    stop_flag = false;
    timer::kill();
    return run_init();
}

void end_program(int reason, const std::string &value) {
    state.is_ending = true;
    end.value = value;
    stop_flag = true;
    run_deinit(reason);
    std::exit(0);
}

bool is_stop_flag_set() { return stop_flag; }

void set_stop_flag() { stop_flag = true; }

void ask_removal() { state.removal_is_asked = true; }

void set_last_error(int error) { state.last_error = error; }

int last_error() { return state.last_error; }

} // namespace mql

namespace mql::api {

const int &_LastError = state.last_error;

int GetLastError() {
    const int error = state.last_error;
    if (IS_MQL4) {
        state.last_error = 0; // MQL5 keeps it until ResetLastError.
    }
    return error;
}

void ResetLastError() { state.last_error = 0; }

bool IsStopped() { return is_stop_flag_set(); }

void ExpertRemove() { ask_removal(); }

} // namespace mql::api
