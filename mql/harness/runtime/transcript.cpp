#include "transcript.h"

#include "print.h"
#include "stop.h"
#include "system.h"

#include <deque>

namespace mql {

namespace {

constexpr std::size_t UNSENT_MAX = 64 * 1024;
/// Lines kept for a match; older ones are no longer looked at.
constexpr std::size_t LINES_MAX = 10000;

constexpr std::uint32_t EXIT_CRITICAL = 3;
constexpr std::uint32_t EXIT_VIOLATION = 4;

struct Transcript {
    std::string unsent;
    std::deque<std::string> lines;
    bool is_quiet = false;
};

/// Never destroyed: destructors of the program's objects may print.
Transcript &transcript() {
    static auto *made = new Transcript;
    return *made;
}

void append_escaped(std::string &line, const std::string &words) {
    for (const char byte : words) {
        switch (byte) {
        case '\n':
            line += "\\n";
            break;
        case '\r':
            line += "\\r";
            break;
        case '\\':
            line += "\\\\";
            break;
        default:
            line += byte;
        }
    }
}

const char *kind_of(Output output) {
    switch (output) {
    case Output::alert:
        return "alert";
    case Output::comment:
        return "comment";
    case Output::print:
        break;
    }
    return "print";
}

[[noreturn]] void stop(const char *kind, const std::string &what, std::uint32_t code) {
    transcribe(kind, what);
    send_transcript();
    windows::end_process(code);
}

} // namespace

void transcribe(const char *kind, const std::string &words) {
    Transcript &all = transcript();
    std::string line = kind;
    if (!words.empty()) {
        line += ' ';
        append_escaped(line, words);
    }
    all.unsent += line;
    all.unsent += '\n';
    if (all.lines.size() == LINES_MAX) {
        all.lines.pop_front();
    }
    all.lines.push_back(std::move(line));
    if (UNSENT_MAX < all.unsent.size()) {
        send_transcript();
    }
}

void transcribe(const char *kind, const std::wstring &words) {
    transcribe(kind, windows::narrow(words, windows::UTF8));
}

void reply(const std::string &line) {
    transcript().unsent += line + '\n';
    send_transcript();
}

void send_transcript() {
    std::string &unsent = transcript().unsent;
    if (!unsent.empty()) {
        windows::write_output(unsent.data(), unsent.size());
        unsent.clear();
    }
}

bool match_transcript(const std::string &words) {
    auto &lines = transcript().lines;
    for (std::size_t at = 0; at < lines.size(); ++at) {
        if (lines[at].find(words) != std::string::npos) {
            lines.erase(lines.begin(), lines.begin() + static_cast<std::ptrdiff_t>(at) + 1);
            return true;
        }
    }
    return false;
}

void set_quiet(bool is_quiet) { transcript().is_quiet = is_quiet; }

bool is_shown(Output output) { return !transcript().is_quiet || output == Output::alert; }

void show(Output output, const std::wstring &line) {
    if (is_shown(output)) {
        transcribe(kind_of(output), line);
    }
}

void critical(const std::string &what) { stop("critical", what, EXIT_CRITICAL); }

void violation(const std::string &what) { stop("violation", what, EXIT_VIOLATION); }

} // namespace mql
