#include "stats.h"

#include "system.h"

#include <algorithm>
#include <array>
#include <vector>

namespace mql::stats {

namespace {

constexpr std::size_t COUNTS = 8;
constexpr std::array<const char *, COUNTS> COUNT_NAMES = {
    "close", "flush", "flush_empty", "open", "read", "seek", "size", "write"};
constexpr std::size_t HANDLERS = 5;
constexpr std::array<const char *, HANDLERS> HANDLER_NAMES = {"init", "tick", "timer", "deinit",
                                                              "start"};

/// Times up to a second in steps of a sixteenth of a microsecond below a millisecond, and of a
/// whole one above.
class Histogram {
public:
    void add(std::uint64_t ns) {
        ++slots_[slot(ns)];
        ++total_;
        max_ns_ = std::max(max_ns_, ns);
    }

    double percentile_us(std::uint64_t percent) const {
        const std::uint64_t wanted = (total_ * percent + 99) / 100;
        std::uint64_t seen = 0;
        for (std::size_t at = 0; at < slots_.size(); ++at) {
            seen += slots_[at];
            if (0 < seen && wanted <= seen) {
                return value_us(at);
            }
        }
        return 0;
    }

    double max_us() const { return static_cast<double>(max_ns_) / 1000; }

private:
    static constexpr std::size_t A_MICROSECOND = 16;
    static constexpr std::size_t FINE = 1000 * A_MICROSECOND;
    static constexpr std::size_t COARSE = 20000;

    static std::size_t slot(std::uint64_t ns) {
        const std::uint64_t us = ns / 1000;
        if (us < 1000) {
            return static_cast<std::size_t>(ns * A_MICROSECOND / 1000);
        }
        return FINE + static_cast<std::size_t>(std::min<std::uint64_t>(us - 1000, COARSE - 1));
    }
    static double value_us(std::size_t slot) {
        return slot < FINE ? static_cast<double>(slot) / A_MICROSECOND
                           : static_cast<double>(slot - FINE + 1000);
    }

    std::vector<std::uint32_t> slots_ = std::vector<std::uint32_t>(FINE + COARSE);
    std::uint64_t total_ = 0;
    std::uint64_t max_ns_ = 0;
};

struct Stats {
    std::array<std::uint64_t, COUNTS> counts{};
    std::array<std::uint64_t, HANDLERS> longest_ns{};
    std::uint64_t ticks = 0;
    Histogram work;

    // Of the handler that runs.
    std::uint64_t handler_begin_ns = 0;
    std::uint64_t file_calls_ns = 0;
    std::uint64_t waits_ns = 0;
    std::uint64_t wait_begin_ns = 0;
    bool is_waiting = false;
};

/// Never destroyed: destructors of the program's objects may close files.
Stats &all() {
    static auto *made = new Stats;
    return *made;
}

void append_number(std::string &json, double value) {
    const auto tenths = static_cast<std::uint64_t>(value * 10 + 0.5);
    json += std::to_string(tenths / 10) + '.' + std::to_string(tenths % 10);
}

} // namespace

void count(Count what) { ++all().counts[static_cast<std::size_t>(what)]; }

FileCall::FileCall() : begin_ns_(windows::now_ns()) {}

FileCall::~FileCall() {
    // What a wait contains is already taken off with it.
    if (!all().is_waiting) {
        all().file_calls_ns += windows::now_ns() - begin_ns_;
    }
}

void wait_begins() {
    all().is_waiting = true;
    all().wait_begin_ns = windows::now_ns();
}

void wait_ends() {
    if (all().is_waiting) {
        all().is_waiting = false;
        all().waits_ns += windows::now_ns() - all().wait_begin_ns;
    }
}

void handler_begins() {
    Stats &stats = all();
    stats.file_calls_ns = 0;
    stats.waits_ns = 0;
    stats.is_waiting = false;
    stats.handler_begin_ns = windows::now_ns();
}

void handler_ends(Handler handler) {
    Stats &stats = all();
    wait_ends();
    const std::uint64_t took_ns = windows::now_ns() - stats.handler_begin_ns;
    std::uint64_t &longest_ns = stats.longest_ns[static_cast<std::size_t>(handler)];
    longest_ns = std::max(longest_ns, took_ns);
    if (handler == Handler::tick) {
        ++stats.ticks;
        stats.work.add(took_ns - std::min(took_ns, stats.file_calls_ns + stats.waits_ns));
    }
}

std::string as_json() {
    const Stats &stats = all();
    std::string json = "{";
    for (std::size_t at = 0; at < COUNTS; ++at) {
        json += '"' + std::string(COUNT_NAMES[at]) + "\":" + std::to_string(stats.counts[at]) + ',';
    }
    json += "\"ticks\":" + std::to_string(stats.ticks) + ",\"longest_us\":{";
    for (std::size_t at = 0; at < HANDLERS; ++at) {
        json += (at == 0 ? "\"" : ",\"") + std::string(HANDLER_NAMES[at]) +
                "\":" + std::to_string(stats.longest_ns[at] / 1000);
    }
    json += "},\"work_us\":{\"p50\":";
    append_number(json, stats.work.percentile_us(50));
    json += ",\"p99\":";
    append_number(json, stats.work.percentile_us(99));
    json += ",\"max\":";
    append_number(json, stats.work.max_us());
    return json + "}}";
}

void reset() { all() = Stats(); }

} // namespace mql::stats
