#include "open_file.h"

#include "api.h"
#include "errors.h"
#include "stats.h"
#include "stop.h"
#include "switches.h"
#include "transcript.h"

#include <algorithm>

namespace mql {

namespace {

/// A full buffer is sent without a FileFlush.
constexpr std::size_t BLOCK = 4096;

} // namespace

OpenFile::OpenFile(const std::wstring &name, windows::Handle handle, bool is_pipe, int flags,
                   types::uint codepage)
    : name_(name), handle_(handle), is_pipe_(is_pipe), flags_(flags), codepage_(codepage) {
    unsent_.reserve(BLOCK);
}

bool OpenFile::is_ansi() const { return has_flag(api::FILE_ANSI); }

std::string OpenFile::quoted_name() const {
    return '"' + windows::narrow(name_, windows::UTF8) + '"';
}

/// The documented rule: FileFlush and FileSeek to the beginning between reading and writing.
void OpenFile::check_turn(Direction next) {
    if (is_pipe_ && switches().strict && direction_ != Direction::none && direction_ != next) {
        const std::string turn = next == Direction::reading
                                     ? "reads from " + quoted_name() + " after a write"
                                     : "writes to " + quoted_name() + " after a read";
        if (!is_flushed_) {
            violation(turn + " without FileFlush");
        }
        if (!is_sought_) {
            violation(turn + " without FileSeek(handle, 0, SEEK_SET)");
        }
    }
    direction_ = next;
    is_flushed_ = false;
    is_sought_ = false;
}

/// Sends the first `size` of the buffered bytes; if that fails, none is kept.
bool OpenFile::push(std::size_t size) {
    place();
    std::size_t sent = 0;
    while (sent < size) {
        send_transcript();
        const stats::FileCall measured;
        const windows::Moved moved = windows::write(handle_, unsent_.data() + sent, size - sent);
        if (moved.error != 0) {
            unsent_.clear();
            if (is_pipe_ && switches().writes_are_silent) {
                return true;
            }
            set_last_error(errors::WRITE_FAILED);
            return false;
        }
        sent += moved.bytes;
    }
    position_ += size;
    unsent_.erase(0, size);
    return true;
}

/// Takes a plain file to where the program believes to be.
void OpenFile::place() {
    if (!is_pipe_) {
        windows::seek(handle_, position_);
    }
}

std::size_t OpenFile::write(const void *bytes, std::size_t size) {
    if (!has_flag(api::FILE_WRITE)) {
        set_last_error(errors::NOT_FOR_WRITING);
        return 0;
    }
    check_turn(Direction::writing);
    unsent_.append(static_cast<const char *>(bytes), size);
    const std::size_t blocks = unsent_.size() / BLOCK * BLOCK;
    return blocks != 0 && !push(blocks) ? 0 : size;
}

/// Ends the run before a read that would wait for bytes nobody has sent.
void OpenFile::check_waiting(std::size_t size) {
    if (switches().read_pushes && !unsent_.empty()) {
        push(unsent_.size());
    }
    const bool sees_unsent = !switches().strict && !unsent_.empty();
    if (size <= known_ || !(switches().strict || sees_unsent)) {
        return;
    }
    windows::Moved waiting;
    {
        const stats::FileCall measured;
        waiting = windows::peek(handle_);
    }
    if (waiting.error != 0) {
        return; // The read will fail, not wait.
    }
    known_ = waiting.bytes;
    if (size <= known_) {
        return;
    }
    if (sees_unsent) {
        violation("reads while " + std::to_string(unsent_.size()) +
                  " bytes are unsent; nothing would ever answer");
    }
    violation("a read of " + std::to_string(size) + " bytes from " + quoted_name() +
              " would block: " + std::to_string(known_) + " wait");
}

std::size_t OpenFile::read_all(void *bytes, std::size_t size) {
    std::size_t got = 0;
    while (got < size) {
        if (known_ < size - got) {
            send_transcript(); // It may take long.
        }
        const stats::FileCall measured;
        const windows::Moved moved =
            windows::read(handle_, static_cast<char *>(bytes) + got, size - got);
        got += moved.bytes;
        known_ -= std::min(known_, moved.bytes);
        if (moved.error != 0 || moved.bytes == 0) {
            break;
        }
    }
    return got;
}

std::size_t OpenFile::read(void *bytes, std::size_t size) {
    if (!has_flag(api::FILE_READ)) {
        set_last_error(errors::NOT_FOR_READING);
        return 0;
    }
    check_turn(Direction::reading);
    if (is_pipe_) {
        check_waiting(size);
    } else {
        push(unsent_.size());
        place();
    }
    const std::size_t got = read_all(bytes, size);
    position_ += got;
    if (got < size) {
        set_last_error(errors::READ_FAILED);
    }
    return got;
}

/// What a call leaves behind that works; one that fails says so after this.
void OpenFile::leave_stray_error() {
    if (is_pipe_ && switches().errors_are_stray) {
        set_last_error(errors::READ_FAILED);
    }
}

void OpenFile::flush() {
    is_flushed_ = true;
    leave_stray_error();
    if (unsent_.empty()) {
        stats::count(stats::Count::flush_empty);
        return;
    }
    if (!push(unsent_.size())) {
        return;
    }
    if (is_pipe_ && switches().flush_waits) {
        send_transcript();
        const stats::FileCall measured;
        if (windows::flush(handle_) != 0) {
            set_last_error(errors::WRITE_FAILED);
        }
    }
    if (is_pipe_) {
        stats::wait_begins();
    }
}

void OpenFile::seek(types::mql_long offset, int origin) {
    is_sought_ = true;
    leave_stray_error();
    if (is_pipe_) {
        if (switches().strict && (offset != 0 || origin != api::SEEK_SET)) {
            violation("FileSeek on " + quoted_name() + " has no meaning but (handle, 0, SEEK_SET)");
        }
        return;
    }
    push(unsent_.size());
    types::mql_long start = 0;
    if (origin == api::SEEK_CUR) {
        start = static_cast<types::mql_long>(position_);
    } else if (origin == api::SEEK_END) {
        start = static_cast<types::mql_long>(windows::file_size(handle_));
    }
    position_ = static_cast<std::uint64_t>(std::max<types::mql_long>(start + offset, 0));
}

types::ulong OpenFile::size() {
    leave_stray_error();
    if (!is_pipe_) {
        return std::max<types::ulong>(windows::file_size(handle_), position_ + unsent_.size());
    }
    windows::Moved waiting;
    {
        const stats::FileCall measured;
        waiting = windows::peek(handle_);
    }
    known_ = waiting.bytes;
    if (waiting.error != 0) {
        known_ = 0;
        if (!switches().death_is_silent) {
            set_last_error(errors::READ_FAILED);
        }
    }
    if (known_ != 0) {
        stats::wait_ends();
    }
    return known_;
}

bool OpenFile::is_ending() {
    if (!is_pipe_) {
        return size() <= position();
    }
    if (switches().strict) {
        check_waiting(1);
    }
    windows::Moved waiting = windows::peek(handle_);
    while (waiting.error == 0 && waiting.bytes == 0) {
        send_transcript();
        windows::sleep_ms(1);
        waiting = windows::peek(handle_);
    }
    return waiting.error != 0;
}

void OpenFile::close() {
    if (!unsent_.empty()) {
        push(unsent_.size());
    }
    const stats::FileCall measured;
    windows::close(handle_);
}

} // namespace mql
