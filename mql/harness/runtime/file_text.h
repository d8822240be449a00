// Text as a file holds it: in a code page, or as 16-bit units.
#pragma once

#include "open_file.h"
#include "text.h"

#include <string>

namespace mql {

/// In text a lone line feed gets its carriage return.
std::wstring with_line_ends(const std::wstring &units);

std::string encoded(const OpenFile &file, const std::wstring &units);

/// `length` characters.
types::string read_counted(OpenFile &file, int length);

/// One line of a text file, without its end.
types::string read_line(OpenFile &file);

} // namespace mql
