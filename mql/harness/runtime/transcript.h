// What the driver answers: lines about what the program did, and one line for each command.
#pragma once

#include <string>

namespace mql {

/// Adds a line `KIND TEXT`; `words` is UTF-8.
void transcribe(const char *kind, const std::string &words);
void transcribe(const char *kind, const std::wstring &words);

/// Ends the answer to a command, and sends it: `ok`, `ok VALUE` or `error TEXT`.
void reply(const std::string &line);

/// Sends what is not yet sent.
void send_transcript();

/// Whether a line since the last match holds `words`; forgets all up to it.
bool match_transcript(const std::string &words);

void set_quiet(bool is_quiet);

} // namespace mql
