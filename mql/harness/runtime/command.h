// The commands of the driver.
#pragma once

#include <string>

namespace mql {

/// Does what a line says; `ok`, `ok VALUE` or `error TEXT`. Does not return from `deinit`.
std::string run_command(const std::string &line);

} // namespace mql
