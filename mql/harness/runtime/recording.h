// Recorded ticks for the command `ticks`.
#pragma once

#include "market.h"

#include <string>
#include <vector>

namespace mql {

/// A text file of `time_msc bid ask` lines.
class Recording {
public:
    explicit Recording(const std::wstring &path);

    /// What is wrong with the file; empty if nothing is.
    const std::string &problem() const { return problem_; }
    const std::vector<Quote> &quotes() const { return quotes_; }

private:
    void take_line(const std::string &line);

    std::string problem_;
    std::vector<Quote> quotes_;
};

} // namespace mql
