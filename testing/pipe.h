/* The client end of a pipe, the clock and the sleep, alike on Windows and on Unix.
 *
 * On Windows a path is `\\.\pipe\NAME`, on Unix that of a stream socket. The calls are those a
 * terminal has and no others: a plain open that never waits for a free instance, a blocking write
 * and a blocking read. No overlapped handle, no WaitNamedPipe, no change of the pipe's mode.
 *
 * Functions answer PIPE_OK, PIPE_EOF, PIPE_SHORT, or the system's own error number, above zero.
 */
#ifndef TICKPIPE_TESTING_PIPE_H
#define TICKPIPE_TESTING_PIPE_H

/* Makes %zu and PRIu64 mean the same to every C library. */
#ifndef __USE_MINGW_ANSI_STDIO
#define __USE_MINGW_ANSI_STDIO 1
#endif

#include <stddef.h>
#include <stdint.h>

#ifdef _WIN32
#define WIN32_LEAN_AND_MEAN
#include <windows.h>
#else
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>
#endif

enum {
    PIPE_OK = 0,
    PIPE_EOF = -1,   /* The other end is gone and everything it sent has been read. */
    PIPE_SHORT = -2, /* A write took fewer bytes than it was given. */
};

#ifdef _WIN32

typedef HANDLE pipe_handle;
#define PIPE_CLOSED INVALID_HANDLE_VALUE

static inline int pipe_last_error(void) { return (int)GetLastError(); }

static inline int pipe_is_busy(int error) { return error == ERROR_PIPE_BUSY; }

static inline int pipe_is_missing(int error) { return error == ERROR_FILE_NOT_FOUND; }

static inline int pipe_open(const char *path, pipe_handle *pipe) {
    *pipe = CreateFileA(path, GENERIC_READ | GENERIC_WRITE, 0, NULL, OPEN_EXISTING,
                        FILE_ATTRIBUTE_NORMAL, NULL);
    return *pipe == INVALID_HANDLE_VALUE ? pipe_last_error() : PIPE_OK;
}

/* Writes all of `bytes` in one call; `written` says how many went. */
static inline int pipe_write(pipe_handle pipe, const void *bytes, size_t len, size_t *written) {
    DWORD count = 0;
    BOOL done = WriteFile(pipe, bytes, (DWORD)len, &count, NULL);
    *written = count;
    if (!done) return pipe_last_error();
    return count == len ? PIPE_OK : PIPE_SHORT;
}

/* Takes the two errors of a pipe whose other end is gone for its end. */
static inline int pipe_end_or_error(int error) {
    return error == ERROR_BROKEN_PIPE || error == ERROR_PIPE_NOT_CONNECTED ? PIPE_EOF : error;
}

/* Waits for at least one byte and takes at most `max` of them, in one call. */
static inline int pipe_read(pipe_handle pipe, void *bytes, size_t max, size_t *got) {
    DWORD count = 0;
    BOOL done = ReadFile(pipe, bytes, (DWORD)max, &count, NULL);
    *got = count;
    return done ? PIPE_OK : pipe_end_or_error(pipe_last_error());
}

/* Tells how many bytes wait to be read. */
static inline int pipe_peek(pipe_handle pipe, size_t *waiting) {
    DWORD count = 0;
    BOOL done = PeekNamedPipe(pipe, NULL, 0, NULL, &count, NULL);
    *waiting = count;
    return done ? PIPE_OK : pipe_end_or_error(pipe_last_error());
}

static inline void pipe_close(pipe_handle pipe) { CloseHandle(pipe); }

/* Nanoseconds of a clock that never goes back; its step is 100 ns. */
static inline uint64_t monotonic_ns(void) {
    LARGE_INTEGER ticks, per_second;
    QueryPerformanceCounter(&ticks);
    QueryPerformanceFrequency(&per_second);
    uint64_t now = (uint64_t)ticks.QuadPart;
    uint64_t rate = (uint64_t)per_second.QuadPart;
    return now / rate * 1000000000u + now % rate * 1000000000u / rate;
}

static inline void sleep_ms(uint32_t ms) { Sleep(ms); }

/* Sleeps at least `us` microseconds; Windows counts in milliseconds, so it rounds up. */
static inline void sleep_us(uint64_t us) { Sleep((DWORD)((us + 999) / 1000)); }

static inline void pipe_set_up(void) {}

#else

typedef int pipe_handle;
#define PIPE_CLOSED (-1)

static inline int pipe_last_error(void) { return errno; }

static inline int pipe_is_busy(int error) { return error == EAGAIN; }

static inline int pipe_is_missing(int error) { return error == ENOENT || error == ECONNREFUSED; }

/* Connects without waiting, so that a full listening queue fails at once with EAGAIN as a busy
 * pipe fails on Windows; reads and writes block afterwards. */
static inline int pipe_open(const char *path, pipe_handle *pipe) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    *pipe = PIPE_CLOSED;
    if (strlen(path) >= sizeof address.sun_path) return ENAMETOOLONG;
    strcpy(address.sun_path, path);
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    if (fd < 0) return pipe_last_error();
    int flags = fcntl(fd, F_GETFL);
    if (flags < 0 || fcntl(fd, F_SETFD, FD_CLOEXEC) < 0 ||
        fcntl(fd, F_SETFL, flags | O_NONBLOCK) < 0 ||
        connect(fd, (struct sockaddr *)&address, sizeof address) < 0 ||
        fcntl(fd, F_SETFL, flags) < 0) {
        int error = pipe_last_error();
        close(fd);
        return error;
    }
    *pipe = fd;
    return PIPE_OK;
}

/* Writes all of `bytes` in one call; `written` says how many went. */
static inline int pipe_write(pipe_handle pipe, const void *bytes, size_t len, size_t *written) {
    ssize_t count = write(pipe, bytes, len);
    *written = count < 0 ? 0 : (size_t)count;
    if (count < 0) return pipe_last_error();
    return *written == len ? PIPE_OK : PIPE_SHORT;
}

/* Takes the reset of a connection whose peer left bytes unread for its end: what the peer sent
 * before has been read by then, and Windows makes no difference either. */
static inline int pipe_end_or_error(int error) { return error == ECONNRESET ? PIPE_EOF : error; }

/* Waits for at least one byte and takes at most `max` of them, in one call. */
static inline int pipe_read(pipe_handle pipe, void *bytes, size_t max, size_t *got) {
    ssize_t count = read(pipe, bytes, max);
    *got = count < 0 ? 0 : (size_t)count;
    if (count < 0) return pipe_end_or_error(pipe_last_error());
    return count == 0 && max != 0 ? PIPE_EOF : PIPE_OK;
}

/* Tells how many bytes wait to be read. */
static inline int pipe_peek(pipe_handle pipe, size_t *waiting) {
    int count = 0;
    *waiting = 0;
    if (ioctl(pipe, FIONREAD, &count) < 0) return pipe_last_error();
    *waiting = (size_t)count;
    if (count != 0) return PIPE_OK;
    /* Nothing there: only a look at the stream itself tells an idle peer from one that is gone. */
    char byte;
    ssize_t seen = recv(pipe, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    if (seen == 0) return PIPE_EOF;
    if (seen < 0 && errno != EAGAIN) return pipe_end_or_error(pipe_last_error());
    return PIPE_OK;
}

static inline void pipe_close(pipe_handle pipe) { close(pipe); }

/* Nanoseconds of a clock that never goes back. */
static inline uint64_t monotonic_ns(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static inline void sleep_us(uint64_t us) {
    struct timespec rest = {.tv_sec = (time_t)(us / 1000000),
                            .tv_nsec = (long)(us % 1000000 * 1000)};
    while (nanosleep(&rest, &rest) < 0 && errno == EINTR) {
    }
}

static inline void sleep_ms(uint32_t ms) { sleep_us((uint64_t)ms * 1000); }

/* Makes a write to a peer that is gone an error instead of the end of the program. */
static inline void pipe_set_up(void) { signal(SIGPIPE, SIG_IGN); }

#endif

static inline uint64_t monotonic_us(void) { return monotonic_ns() / 1000; }

/* Opens as an EA's timer would, again each millisecond while the pipe is busy, missing or
 * refused, until `ms` are over; then the last error stands. */
static inline int pipe_open_wait(const char *path, uint32_t ms, pipe_handle *pipe) {
    uint64_t deadline = monotonic_us() + (uint64_t)ms * 1000;
    for (;;) {
        int result = pipe_open(path, pipe);
        if (result == PIPE_OK || monotonic_us() >= deadline) return result;
        sleep_ms(1);
    }
}

#endif
