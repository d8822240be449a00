// One open file: a pipe, or a plain file in the folder of the environment variable MQL_FILES.
#pragma once

#include "numbers.h"
#include "system.h"

#include <cstddef>
#include <string>

namespace mql {

class OpenFile {
public:
    OpenFile(const std::wstring &name, windows::Handle handle, bool is_pipe, int flags,
             types::uint codepage);

    const std::wstring &name() const { return name_; }
    bool is_pipe() const { return is_pipe_; }
    bool has_flag(int flag) const { return (flags_ & flag) != 0; }
    /// Whether text in it has one byte a character.
    bool is_ansi() const;
    types::uint codepage() const { return codepage_; }

    // Each sets `_LastError` if it fails.

    /// Takes bytes into the buffer, and sends whole blocks; the number taken.
    std::size_t write(const void *bytes, std::size_t size);
    /// Waits for all `size` bytes; the number that came.
    std::size_t read(void *bytes, std::size_t size);
    /// Sends what is buffered.
    void flush();
    void seek(types::mql_long offset, int origin);
    /// What waits in a pipe, or the length of a plain file.
    types::ulong size();
    /// Whether nothing is left; on a pipe that is only known once a byte comes, or the end.
    bool is_ending();
    types::ulong position() const { return position_ + unsent_.size(); }
    void close();

private:
    enum class Direction { none, reading, writing };

    bool push(std::size_t size);
    void check_turn(Direction next);
    void leave_stray_error();
    void check_waiting(std::size_t size);
    std::size_t read_all(void *bytes, std::size_t size);
    void place();
    std::string quoted_name() const;

    std::wstring name_;
    windows::Handle handle_;
    bool is_pipe_;
    int flags_;
    types::uint codepage_;

    /// Written by the program, not yet by us.
    std::string unsent_;
    /// Bytes that a pipe is known to hold: shown by the last look, less those read since.
    std::size_t known_ = 0;
    /// How far the file is read or written; of a pipe, what went through it.
    std::uint64_t position_ = 0;

    Direction direction_ = Direction::none;
    bool is_flushed_ = true;
    bool is_sought_ = true;
};

} // namespace mql
