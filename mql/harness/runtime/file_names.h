// What FileOpen is told: the name, where it leads, and the flags.
#pragma once

#include "open_file.h"

#include <memory>
#include <string>

namespace mql {

/// Where a plain file lies; empty, with `_LastError` set, if its name leads out of the folder.
std::wstring path_of(const std::wstring &name, bool is_common);

/// Opens a pipe or a plain file; null, with `_LastError` set, if that fails.
std::unique_ptr<OpenFile> open_named(const std::wstring &name, int flags, types::uint codepage);

} // namespace mql
