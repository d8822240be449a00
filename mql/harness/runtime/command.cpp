#include "command.h"

#include "clock.h"
#include "files.h"
#include "handlers.h"
#include "inputs.h"
#include "market.h"
#include "recording.h"
#include "switches.h"
#include "system.h"
#include "transcript.h"

#include <algorithm>
#include <array>
#include <limits>
#include <stdexcept>
#include <utility>
#include <vector>

namespace mql {

namespace {

/// A command that makes no sense.
class Mistake : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// No command moves or waits longer: a day, or an hour of real time.
constexpr long long ADVANCE_MAX_MS = 24LL * 3600 * 1000;
constexpr long long WAIT_MAX_MS = 3600LL * 1000;

/// The words of a line.
class Words {
public:
    explicit Words(const std::string &line) : rest_(line) {}

    bool has_more() const { return !rest_.empty(); }

    std::string take(const char *what) {
        if (rest_.empty()) {
            throw Mistake(std::string("needs ") + what);
        }
        const std::size_t end = rest_.find(' ');
        const std::string word = rest_.substr(0, end);
        rest_ = end == std::string::npos ? std::string() : rest_.substr(end + 1);
        return word;
    }

    std::string take_rest(const char *what) {
        if (rest_.empty()) {
            throw Mistake(std::string("needs ") + what);
        }
        return std::exchange(rest_, std::string());
    }

    long long take_integer(const char *what, long long smallest, long long largest) {
        const std::string word = take(what);
        types::mql_long value = 0;
        const std::wstring wide = windows::widen(word.data(), word.size(), windows::UTF8);
        const auto limit = static_cast<types::ulong>(largest);
        if (!read_input_number(wide, smallest, limit, value) || value < smallest) {
            throw Mistake(std::string(what) + " is `" + word + "`; allowed: whole numbers from " +
                          std::to_string(smallest) + " to " + std::to_string(largest));
        }
        return value;
    }

    double take_price(const char *what) {
        const std::string word = take(what);
        double value = 0;
        if (!read_input(windows::widen(word.data(), word.size(), windows::UTF8), value)) {
            throw Mistake(std::string(what) + " is `" + word + "`, not a number");
        }
        return value;
    }

    bool take_choice(const char *what, const char *yes, const char *no) {
        const std::string word = take(what);
        if (word != yes && word != no) {
            throw Mistake(std::string(what) + " is `" + word + "`; allowed: " + yes + ", " + no);
        }
        return word == yes;
    }

    void end() const {
        if (!rest_.empty()) {
            throw Mistake("found `" + rest_ + "` after the end of the command");
        }
    }

private:
    std::string rest_;
};

std::wstring wide(const std::string &words) {
    return windows::widen(words.data(), words.size(), windows::UTF8);
}

std::string ok(const std::string &value = "") { return value.empty() ? "ok" : "ok " + value; }

std::string symbol(Words &words) {
    const std::string name = words.take("a name");
    set_symbol(wide(name), static_cast<int>(words.take_integer("the digits", 0, 8)));
    return ok();
}

std::string input(Words &words) {
    const std::string assignment = words.take_rest("NAME=VALUE");
    const std::size_t equals = assignment.find('=');
    if (equals == std::string::npos) {
        throw Mistake("`" + assignment + "` is not NAME=VALUE");
    }
    const std::string name = assignment.substr(0, equals);
    switch (set_input(wide(name), wide(assignment.substr(equals + 1)))) {
    case SetInput::done:
        break;
    case SetInput::unknown:
        throw Mistake("the program has no input `" + name + "`");
    case SetInput::unreadable:
        throw Mistake("`" + assignment.substr(equals + 1) + "` is no value for `" + name + "`");
    }
    return ok();
}

std::string set_switch(Words &words) {
    const std::string name = words.take("the name of a switch");
    Switches &all = switches();
    if (name == "strict") {
        all.strict = words.take_choice("strict", "on", "off");
    } else if (name == "flush") {
        all.flush_waits = words.take_choice("flush", "waits", "returns");
    } else if (name == "death") {
        all.death_is_silent = words.take_choice("death", "silent", "fails");
    } else if (name == "errors") {
        all.errors_are_stray = words.take_choice("errors", "stray", "meant");
    } else if (name == "optimization") {
        all.optimization = words.take_choice("optimization", "on", "off");
    } else if (name == "push") {
        all.read_pushes = words.take_choice("push", "read", "flush");
    } else if (name == "tester") {
        all.tester = words.take_choice("tester", "on", "off");
    } else if (name == "timer") {
        all.timer_refuses = words.take_choice("timer", "refuses", "works");
    } else if (name == "write") {
        all.writes_are_silent = words.take_choice("write", "silent", "fails");
    } else {
        throw Mistake("found `" + name + "`; allowed: death, errors, flush, optimization, push, "
                      "strict, tester, timer, write");
    }
    return ok();
}

std::string tick_count(Words &words) {
    constexpr long long LARGEST = std::numeric_limits<std::uint32_t>::max();
    clock::set_tick_count(static_cast<types::uint>(words.take_integer("the count", 0, LARGEST)));
    return ok();
}

std::string start(Words &words) {
    words.end();
    start_program();
    return ok();
}

/// One tick: the timers that are due come first.
void play(const Quote &quote) {
    if (switches().tester && has_quote()) {
        timer::play_model_until(quote.time_ms);
    } else if (switches().tester) {
        timer::start_model_at(quote.time_ms);
    } else {
        timer::fire_if_due();
    }
    set_quote(quote);
    run_tick();
}

std::string tick(Words &words) {
    Quote quote;
    quote.bid = words.take_price("the bid");
    quote.ask = words.take_price("the ask");
    quote.time_ms = words.has_more() ? words.take_integer("the time", 1, INT64_MAX)
                                     : std::max(clock::calendar_ms(), last_tick_ms());
    words.end();
    play(quote);
    return ok();
}

std::string ticks(Words &words) {
    const std::string path = words.take("a file");
    const long long count = words.take_integer("the number of ticks", 1, INT32_MAX);
    const long long first =
        words.has_more() ? words.take_integer("the ticks to pass over", 0, INT32_MAX) : 0;
    words.end();
    const Recording recording(wide(path));
    if (!recording.problem().empty()) {
        throw Mistake(recording.problem());
    }
    const std::vector<Quote> &quotes = recording.quotes();
    for (long long at = first; at < first + count; ++at) {
        play(quotes[static_cast<std::size_t>(at) % quotes.size()]);
    }
    return ok();
}

std::string advance(Words &words) {
    const long long ms = words.take_integer("the milliseconds", 0, ADVANCE_MAX_MS);
    words.end();
    timer::advance(static_cast<std::uint64_t>(ms) * 1000);
    return ok();
}

std::uint64_t deadline_us(long long ms) {
    return clock::now_us() + static_cast<std::uint64_t>(ms) * 1000;
}

std::string wait(Words &words) {
    const long long ms = words.take_integer("the milliseconds", 0, WAIT_MAX_MS);
    words.end();
    timer::wait_until(deadline_us(ms), [] { return false; });
    return ok();
}

/// What `until` waits for.
std::string wanted;

std::string until(Words &words) {
    const long long ms = words.take_integer("the milliseconds", 0, WAIT_MAX_MS);
    wanted = words.take_rest("the text to wait for");
    static bool is_seen;
    is_seen = false;
    timer::wait_until(deadline_us(ms), [] { return is_seen = match_transcript(wanted); });
    if (!is_seen) {
        return "error no line with " + wanted + " within " + std::to_string(ms) + " ms";
    }
    return ok();
}

std::string stop_in(Words &words) {
    const long long ms = words.take_integer("the milliseconds", 0, WAIT_MAX_MS);
    words.end();
    windows::call_after_ms(static_cast<std::uint32_t>(ms), set_stop_flag);
    return ok();
}

std::string reinit(Words &words) {
    const int reason = static_cast<int>(words.take_integer("the reason", 0, INT32_MAX));
    words.end();
    restart_program(reason);
    return ok();
}

std::string deinit(Words &words) {
    const int reason = static_cast<int>(words.take_integer("the reason", 0, INT32_MAX));
    words.end();
    end_program(reason);
}

std::string trace(Words &words) {
    set_trace(words.take_choice("trace", "on", "off"));
    return ok();
}

std::string quiet(Words &words) {
    set_quiet(words.take_choice("quiet", "on", "off"));
    return ok();
}

std::string show_stats(Words &words) {
    if (!words.has_more()) {
        return ok(stats::as_json());
    }
    if (words.take("reset") != "reset") {
        throw Mistake("only `reset` may follow");
    }
    stats::reset();
    return ok();
}

enum class When { any, before_start, after_start };

struct Command {
    const char *name;
    When when;
    std::string (*run)(Words &words);
};

constexpr std::array<Command, 16> COMMANDS = {{
    {"advance", When::after_start, advance},
    {"deinit", When::after_start, deinit},
    {"input", When::before_start, input},
    {"quiet", When::any, quiet},
    {"reinit", When::after_start, reinit},
    {"start", When::before_start, start},
    {"stats", When::any, show_stats},
    {"stop_in", When::any, stop_in},
    {"switch", When::any, set_switch},
    {"symbol", When::before_start, symbol},
    {"tick", When::after_start, tick},
    {"tickcount", When::any, tick_count},
    {"ticks", When::after_start, ticks},
    {"trace", When::any, trace},
    {"until", When::after_start, until},
    {"wait", When::after_start, wait},
}};

std::string run_known(const Command &command, Words &words) {
    if (command.when == When::before_start && is_started()) {
        throw Mistake("comes before the start only");
    }
    if (command.when == When::after_start && !is_started()) {
        throw Mistake("comes after the start only");
    }
    std::string answer = command.run(words);
    words.end();
    return answer;
}

} // namespace

std::string run_command(const std::string &line) {
    Words words(line);
    std::string name = "the line";
    try {
        name = words.take("a command");
        for (const Command &command : COMMANDS) {
            if (name == command.name) {
                return run_known(command, words);
            }
        }
        throw Mistake("is no command");
    } catch (const Mistake &mistake) {
        return "error " + name + ' ' + mistake.what();
    }
}

} // namespace mql
