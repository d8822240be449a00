// Talks with whoever plays a run: commands on stdin, the transcript on stdout.

#include "command.h"
#include "handlers.h"
#include "stop.h"
#include "system.h"
#include "transcript.h"

#include <string>

namespace mql {

namespace {

/// No command is longer, so that a mistaken peer cannot fill the memory.
constexpr std::size_t COMMAND_MAX = 64 * 1024;

/// Lines of stdin.
class Lines {
public:
    /// False at the end; what is left there without a line end is no command.
    bool take(std::string &line) {
        std::size_t end = 0;
        while ((end = unread_.find('\n')) == std::string::npos) {
            char bytes[4096];
            const std::size_t size = windows::read_input(bytes, sizeof(bytes));
            if (size == 0 || COMMAND_MAX < unread_.size()) {
                return false;
            }
            unread_.append(bytes, size);
        }
        line = unread_.substr(0, end);
        unread_.erase(0, end + 1);
        if (!line.empty() && line.back() == '\r') {
            line.pop_back();
        }
        return true;
    }

private:
    std::string unread_;
};

int drive() {
    windows::catch_faults([](const char *what) { critical(what); });
    Lines lines;
    std::string line;
    while (lines.take(line)) {
        reply(run_command(line));
    }
    if (is_started()) {
        constexpr int REASON_REMOVE = 1;
        end_program(REASON_REMOVE);
    }
    return 0;
}

} // namespace

} // namespace mql

int main() { return mql::drive(); }
