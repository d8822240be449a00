// What a translated program says about itself.
#pragma once

namespace mql {

/// The handlers of a program; those it does not have are null.
struct Program {
    const wchar_t *name;
    int (*init)();
    void (*deinit)(const int reason);
    void (*tick)();
    void (*timer)();
    void (*start)();
};

/// Defined by the translated program.
extern const Program program_table;

} // namespace mql
