/* An EA that follows a script: ea < SCRIPT
 *
 * Makes exactly the calls the article's EA makes and some worse ones: opens pipes, writes, waits in
 * reads, closes, or leaves without a word. One command a line on stdin, one result line a command
 * on stdout, written out at once, so that a test can drive it step by step. README.md lists the
 * commands. Everything blocks as it would in a terminal; whoever runs it sets the deadline.
 */
#include "handles.h"
#include "pipe.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef _WIN32
#include <fcntl.h>
#include <io.h>
#endif

enum {
    SLOTS = 1024,
    COMMAND_LEN_MAX = 1024 * 1024,
    COUNT_MAX = 1000000000,
    SAMPLES_MAX = 10000000,
    DATA_LEN_MAX = 16 * 1024 * 1024, /* Of one `read`, `readn`, `line` or `wline`. */
    CHURN_WAIT_MS = 30000,           /* After this long without a connection `churn` gives up. */
    TRICKLE_PIECE = 1,
    SPLIT_PIECE_MAX = 7,
};

enum {
    RESULT_TOO_LONG = -3, /* Beside PIPE_EOF and PIPE_SHORT: a line over DATA_LEN_MAX. */
};

static pipe_handle slots[SLOTS];

/* ---- Bytes. ---- */

struct bytes {
    char *data;
    size_t len, capacity;
};

static void *grow(void *memory, size_t size) {
    void *grown = realloc(memory, size);
    if (grown == NULL) {
        fputs("error: not enough memory\n", stderr);
        exit(1);
    }
    return grown;
}

static void bytes_reserve(struct bytes *bytes, size_t capacity) {
    if (capacity <= bytes->capacity) return;
    bytes->data = grow(bytes->data, capacity);
    bytes->capacity = capacity;
}

static void bytes_push(struct bytes *bytes, char byte) {
    if (bytes->len == bytes->capacity) bytes_reserve(bytes, 2 * bytes->capacity + 64);
    bytes->data[bytes->len++] = byte;
}

static int hex_value(char digit) {
    if (digit >= '0' && digit <= '9') return digit - '0';
    if (digit >= 'a' && digit <= 'f') return digit - 'a' + 10;
    if (digit >= 'A' && digit <= 'F') return digit - 'A' + 10;
    return -1;
}

/* Turns the escapes of `text` into bytes, in place, since they never become longer. Answers 0 if
 * one of them is not an escape. */
static int unescape(char *text, struct bytes *bytes) {
    char *out = text;
    for (const char *in = text; *in != '\0'; in++) {
        if (*in != '\\') {
            *out++ = *in;
            continue;
        }
        switch (*++in) {
        case 'r': *out++ = '\r'; break;
        case 'n': *out++ = '\n'; break;
        case 't': *out++ = '\t'; break;
        case '0': *out++ = '\0'; break;
        case 's': *out++ = ' '; break;
        case '\\': *out++ = '\\'; break;
        case 'x': {
            int high = hex_value(in[1]);
            int low = high < 0 ? -1 : hex_value(in[2]);
            if (low < 0) return 0;
            *out++ = (char)(high * 16 + low);
            in += 2;
            break;
        }
        default: return 0;
        }
    }
    *bytes = (struct bytes){.data = text, .len = (size_t)(out - text)};
    return 1;
}

static void print_escaped(struct bytes bytes) {
    for (size_t i = 0; i < bytes.len; i++) {
        unsigned char byte = (unsigned char)bytes.data[i];
        switch (byte) {
        case '\r': fputs("\\r", stdout); break;
        case '\n': fputs("\\n", stdout); break;
        case '\t': fputs("\\t", stdout); break;
        case '\0': fputs("\\0", stdout); break;
        case ' ': fputs("\\s", stdout); break;
        case '\\': fputs("\\\\", stdout); break;
        default:
            if (byte >= 0x21 && byte <= 0x7e) putchar(byte);
            else printf("\\x%02x", byte);
        }
    }
}

/* ---- Results. ---- */

/* Prints `format` and, after a space, the bytes, if there are any. */
static void print_result(struct bytes bytes, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    vprintf(format, arguments);
    va_end(arguments);
    if (bytes.len != 0) putchar(' ');
    print_escaped(bytes);
    putchar('\n');
}

static const struct bytes no_bytes;

static void print_usage_error(const char *problem) {
    print_result(no_bytes, "error usage %s", problem);
}

/* Prints what a read that failed left: the end of the stream, or an error, and a part. */
static void print_read_failure(int result, struct bytes part) {
    if (result == PIPE_EOF) print_result(part, "eof");
    else if (result == RESULT_TOO_LONG) print_result(no_bytes, "error toolong %zu", part.len);
    else print_result(part, "error %d", result);
}

/* The same where it matters at which of many steps it happened. */
static void print_failure_at(int result, uint64_t index) {
    if (result == PIPE_EOF) printf("error eof at %" PRIu64 "\n", index);
    else if (result == PIPE_SHORT) printf("error short at %" PRIu64 "\n", index);
    else if (result == RESULT_TOO_LONG) printf("error toolong at %" PRIu64 "\n", index);
    else printf("error %d at %" PRIu64 "\n", result, index);
}

static void print_write_result(int result, size_t written) {
    if (result == PIPE_OK) print_result(no_bytes, "ok");
    else if (result == PIPE_SHORT) print_result(no_bytes, "error short %zu", written);
    else print_result(no_bytes, "error %d", result);
}

/* ---- Arguments: each function takes one off the front of `rest`, answers 0 and says what is
 * missing if it is not there. ---- */

static int take_word(char **rest, const char **word) {
    char *start = *rest + strspn(*rest, " ");
    size_t len = strcspn(start, " ");
    if (len == 0) {
        print_usage_error("a word is missing");
        return 0;
    }
    *word = start;
    *rest = start + len;
    if (**rest != '\0') *(*rest)++ = '\0';
    return 1;
}

static int take_number(char **rest, uint64_t max, uint64_t *number) {
    const char *word;
    if (!take_word(rest, &word)) return 0;
    char *end;
    *number = strtoull(word, &end, 10);
    if (*word < '0' || *word > '9' || *end != '\0' || *number > max) {
        print_result(no_bytes, "error usage `%s` is not a number up to %" PRIu64, word, max);
        return 0;
    }
    return 1;
}

enum slot_state { SLOT_FREE, SLOT_OPEN };

static int take_slot(char **rest, enum slot_state wanted, uint64_t *slot) {
    if (!take_number(rest, SLOTS - 1, slot)) return 0;
    enum slot_state state = slots[*slot] == PIPE_CLOSED ? SLOT_FREE : SLOT_OPEN;
    if (state == wanted) return 1;
    const char *problem = wanted == SLOT_OPEN ? "is not open" : "is open already";
    print_result(no_bytes, "error usage slot %" PRIu64 " %s", *slot, problem);
    return 0;
}

/* A range of slots, in whatever state. */
static int take_slot_range(char **rest, uint64_t *first, uint64_t *count) {
    if (!take_number(rest, SLOTS - 1, first)) return 0;
    return take_number(rest, SLOTS - *first, count);
}

/* The rest of the line after the one space that ends the last argument, escapes undone. */
static int take_text(char **rest, struct bytes *text) {
    if (unescape(*rest, text)) return 1;
    print_usage_error("the text has an escape that is none of \\r \\n \\t \\0 \\s \\\\ \\xHH");
    return 0;
}

/* ---- Reading whole lines, a byte a call. ---- */

/* Reads until a line feed; for 16-bit units, until one that stands alone in its unit. */
static int read_line(pipe_handle pipe, size_t unit_len, struct bytes *line) {
    line->len = 0;
    for (;;) {
        char byte;
        size_t got;
        int result = pipe_read(pipe, &byte, 1, &got);
        if (result != PIPE_OK) return result;
        if (got == 0) continue;
        bytes_push(line, byte);
        if (line->len % unit_len == 0) {
            const char *unit = line->data + line->len - unit_len;
            if (unit[0] == '\n' && (unit_len == 1 || unit[1] == '\0')) return PIPE_OK;
        }
        if (line->len >= DATA_LEN_MAX) return RESULT_TOO_LONG;
    }
}

static void run_read_line(char *rest, size_t unit_len) {
    uint64_t slot;
    if (!take_slot(&rest, SLOT_OPEN, &slot)) return;
    struct bytes line = {0};
    int result = read_line(slots[slot], unit_len, &line);
    if (result == PIPE_OK) print_result(line, "line");
    else print_read_failure(result, line);
    free(line.data);
}

/* ---- Commands. ---- */

static void run_open_wait(char *rest, int with_wait) {
    uint64_t slot, ms = 0;
    const char *path;
    if (!take_slot(&rest, SLOT_FREE, &slot) || !take_word(&rest, &path)) return;
    if (with_wait && !take_number(&rest, COUNT_MAX, &ms)) return;
    int result = with_wait ? pipe_open_wait(path, (uint32_t)ms, &slots[slot])
                           : pipe_open(path, &slots[slot]);
    if (result == PIPE_OK) print_result(no_bytes, "ok");
    else print_result(no_bytes, "error %d", result);
}

static void run_open(char *rest) { run_open_wait(rest, 0); }

static void run_openwait(char *rest) { run_open_wait(rest, 1); }

static void run_close(char *rest) {
    uint64_t slot;
    if (!take_slot(&rest, SLOT_OPEN, &slot)) return;
    pipe_close(slots[slot]);
    slots[slot] = PIPE_CLOSED;
    print_result(no_bytes, "ok");
}

static void run_write(char *rest) {
    uint64_t slot;
    struct bytes text;
    if (!take_slot(&rest, SLOT_OPEN, &slot) || !take_text(&rest, &text)) return;
    size_t written;
    int result = pipe_write(slots[slot], text.data, text.len, &written);
    print_write_result(result, written);
}

/* Writes `text` in pieces of 1 to `piece_max` bytes, one call each. The seed, never zero, decides
 * how long each piece is, by a 32-bit xorshift. */
static void write_pieces(pipe_handle pipe, struct bytes text, uint32_t piece_max, uint32_t seed) {
    size_t sent = 0;
    int result = PIPE_OK;
    while (result == PIPE_OK && sent < text.len) {
        seed ^= seed << 13;
        seed ^= seed >> 17;
        seed ^= seed << 5;
        size_t piece = 1 + seed % piece_max;
        if (piece > text.len - sent) piece = text.len - sent;
        size_t written;
        result = pipe_write(pipe, text.data + sent, piece, &written);
        sent += written;
    }
    print_write_result(result, sent);
}

static void run_trickle(char *rest) {
    uint64_t slot;
    struct bytes text;
    if (!take_slot(&rest, SLOT_OPEN, &slot) || !take_text(&rest, &text)) return;
    write_pieces(slots[slot], text, TRICKLE_PIECE, 1);
}

static void run_split(char *rest) {
    uint64_t slot, seed;
    struct bytes text;
    if (!take_slot(&rest, SLOT_OPEN, &slot) || !take_number(&rest, UINT32_MAX, &seed)) return;
    if (!take_text(&rest, &text)) return;
    write_pieces(slots[slot], text, SPLIT_PIECE_MAX, seed == 0 ? 0x9e3779b9u : (uint32_t)seed);
}

static void run_repeat(char *rest) {
    uint64_t slot, count;
    struct bytes text;
    if (!take_slot(&rest, SLOT_OPEN, &slot) || !take_number(&rest, COUNT_MAX, &count)) return;
    if (!take_text(&rest, &text)) return;
    for (uint64_t i = 0; i < count; i++) {
        size_t written;
        int result = pipe_write(slots[slot], text.data, text.len, &written);
        if (result != PIPE_OK) {
            print_failure_at(result, i);
            return;
        }
    }
    print_result(no_bytes, "ok");
}

static void run_line(char *rest) { run_read_line(rest, 1); }

static void run_wline(char *rest) { run_read_line(rest, 2); }

static void run_read(char *rest) {
    uint64_t slot, max;
    if (!take_slot(&rest, SLOT_OPEN, &slot) || !take_number(&rest, DATA_LEN_MAX, &max)) return;
    struct bytes data = {0};
    bytes_reserve(&data, max + 1);
    int result = pipe_read(slots[slot], data.data, max, &data.len);
    if (result == PIPE_OK) print_result(data, "data");
    else print_read_failure(result, no_bytes);
    free(data.data);
}

static void run_readn(char *rest) {
    uint64_t slot, count;
    if (!take_slot(&rest, SLOT_OPEN, &slot) || !take_number(&rest, DATA_LEN_MAX, &count)) return;
    struct bytes data = {0};
    bytes_reserve(&data, count + 1);
    int result = PIPE_OK;
    while (result == PIPE_OK && data.len < count) {
        size_t got;
        result = pipe_read(slots[slot], data.data + data.len, count - data.len, &got);
        data.len += got;
    }
    if (result == PIPE_OK || (result == PIPE_EOF && data.len != 0)) print_result(data, "data");
    else print_read_failure(result, data);
    free(data.data);
}

/* Counts what the server of a slot has open: handles and resident bytes, to find leaks. */
static void run_handles(char *rest) {
    uint64_t slot;
    if (!take_slot(&rest, SLOT_OPEN, &slot)) return;
    long handles = 0;
    long resident_kib = 0;
    int result = server_handles(slots[slot], &handles, &resident_kib);
    if (result == PIPE_OK)
        print_result(no_bytes, "handles %ld resident_kib %ld", handles, resident_kib);
    else
        print_result(no_bytes, "error %d", result);
}

/* Asks a process to end, as Ctrl-C would; on Windows the process leads a group of this console. */
static void run_interrupt(char *rest) {
    uint64_t process;
    if (!take_number(&rest, 0xFFFFFFFF, &process)) return;
#ifdef _WIN32
    int result = GenerateConsoleCtrlEvent(CTRL_BREAK_EVENT, (DWORD)process) ? PIPE_OK : pipe_last_error();
#else
    int result = kill((pid_t)process, SIGINT) == 0 ? PIPE_OK : pipe_last_error();
#endif
    if (result == PIPE_OK) print_result(no_bytes, "ok");
    else print_result(no_bytes, "error %d", result);
}

static void run_peek(char *rest) {
    uint64_t slot;
    if (!take_slot(&rest, SLOT_OPEN, &slot)) return;
    size_t waiting;
    int result = pipe_peek(slots[slot], &waiting);
    if (result == PIPE_OK) print_result(no_bytes, "waiting %zu", waiting);
    else print_read_failure(result, no_bytes);
}

static int compare_numbers(const void *left, const void *right) {
    uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;
    return (a > b) - (a < b);
}

/* The smallest of the sorted samples that `percent` of them do not exceed, in microseconds. */
static double percentile_us(const uint64_t *sorted_ns, uint64_t count, uint64_t percent) {
    uint64_t rank = (count * percent + 99) / 100;
    return (double)sorted_ns[rank == 0 ? 0 : rank - 1] / 1000.0;
}

/* Makes `count` round trips. Prints the result if one of them fails and answers how many went. */
static uint64_t exchange(pipe_handle pipe, struct bytes request, struct bytes expected,
                         uint64_t count, uint64_t *samples_ns) {
    struct bytes line = {0};
    uint64_t i;
    for (i = 0; i < count; i++) {
        uint64_t before = monotonic_ns();
        size_t written;
        int result = pipe_write(pipe, request.data, request.len, &written);
        line.len = 0;
        if (result == PIPE_OK) result = read_line(pipe, 1, &line);
        samples_ns[i] = monotonic_ns() - before;
        if (result != PIPE_OK) {
            print_failure_at(result, i);
            break;
        }
        if (line.len != expected.len || memcmp(line.data, expected.data, line.len) != 0) {
            print_result(line, "mismatch %" PRIu64, i);
            break;
        }
    }
    free(line.data);
    return i;
}

static void run_exchange(char *rest) {
    uint64_t slot, count;
    struct bytes request, expected;
    if (!take_slot(&rest, SLOT_OPEN, &slot) || !take_number(&rest, SAMPLES_MAX, &count)) return;
    char *bar = strchr(rest, '|');
    if (bar == NULL) {
        print_usage_error("no | between the text and the expected line");
        return;
    }
    *bar = '\0';
    char *after = bar + 1;
    if (!take_text(&rest, &request) || !take_text(&after, &expected)) return;
    uint64_t *samples_ns = grow(NULL, (count + 1) * sizeof *samples_ns);
    samples_ns[0] = 0;
    if (exchange(slots[slot], request, expected, count, samples_ns) == count) {
        qsort(samples_ns, count, sizeof *samples_ns, compare_numbers);
        print_result(no_bytes, "ok %" PRIu64 " %.1f %.1f %.1f", count,
                     percentile_us(samples_ns, count, 50), percentile_us(samples_ns, count, 99),
                     percentile_us(samples_ns, count, 100));
    }
    free(samples_ns);
}

static void run_sleep(char *rest) {
    uint64_t ms;
    if (!take_number(&rest, COUNT_MAX, &ms)) return;
    sleep_ms((uint32_t)ms);
    print_result(no_bytes, "ok");
}

static void run_openmany(char *rest) {
    uint64_t first, count, ms;
    const char *path;
    if (!take_slot_range(&rest, &first, &count) || !take_word(&rest, &path)) return;
    if (!take_number(&rest, COUNT_MAX, &ms)) return;
    for (uint64_t i = 0; i < count; i++) {
        if (slots[first + i] != PIPE_CLOSED) {
            print_result(no_bytes, "error usage slot %" PRIu64 " is open already", first + i);
            return;
        }
    }
    for (uint64_t i = 0; i < count; i++) {
        int result = pipe_open_wait(path, (uint32_t)ms, &slots[first + i]);
        if (result != PIPE_OK) {
            print_failure_at(result, i);
            return;
        }
    }
    print_result(no_bytes, "ok %" PRIu64, count);
}

static void run_closemany(char *rest) {
    uint64_t first, count;
    if (!take_slot_range(&rest, &first, &count)) return;
    for (uint64_t slot = first; slot < first + count; slot++) {
        if (slots[slot] == PIPE_CLOSED) continue;
        pipe_close(slots[slot]);
        slots[slot] = PIPE_CLOSED;
    }
    print_result(no_bytes, "ok");
}

/* Opens that did not succeed, by cause. To an EA both causes are the same error 5004. */
struct refusals {
    uint64_t busy, missing;
};

/* Tries once and counts a refusal; PIPE_OK, or an error that may or may not be a refusal. */
static int open_counted(const char *path, struct refusals *refusals, pipe_handle *pipe) {
    int result = pipe_open(path, pipe);
    if (result != PIPE_OK && pipe_is_busy(result)) refusals->busy++;
    else if (result != PIPE_OK && pipe_is_missing(result)) refusals->missing++;
    return result;
}

static int is_refusal(int result) {
    return result != PIPE_OK && (pipe_is_busy(result) || pipe_is_missing(result));
}

enum moment { AFTER_CONNECT, AFTER_HALF_A_LINE, BEFORE_THE_ANSWER, AFTER_THE_ANSWER };

static int take_moment(char **rest, enum moment *moment) {
    static const char *const names[] = {"connect", "half", "unread", "answered"};
    const char *word;
    if (!take_word(rest, &word)) return 0;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (strcmp(word, names[i]) == 0) {
            *moment = (enum moment)i;
            return 1;
        }
    }
    print_usage_error("the moment is none of connect, half, unread, answered");
    return 0;
}

/* One short life of an EA: up to `moment`, then gone. */
static int live_once(const char *path, enum moment moment, struct refusals *refusals) {
    pipe_handle pipe;
    uint64_t deadline = monotonic_us() + (uint64_t)CHURN_WAIT_MS * 1000;
    int result;
    while (is_refusal(result = open_counted(path, refusals, &pipe))) {
        if (monotonic_us() >= deadline) return result;
        sleep_ms(1);
    }
    if (result != PIPE_OK) return result;
    if (moment != AFTER_CONNECT) {
        const char *text = moment == AFTER_HALF_A_LINE ? "1.1" : "1.1\r\n";
        size_t written;
        result = pipe_write(pipe, text, strlen(text), &written);
    }
    if (result == PIPE_OK && moment == AFTER_THE_ANSWER) {
        struct bytes line = {0};
        result = read_line(pipe, 1, &line);
        free(line.data);
    }
    pipe_close(pipe);
    return result;
}

static void run_churn(char *rest) {
    uint64_t count;
    const char *path;
    enum moment moment;
    if (!take_number(&rest, COUNT_MAX, &count) || !take_word(&rest, &path)) return;
    if (!take_moment(&rest, &moment)) return;
    struct refusals refusals = {0};
    for (uint64_t i = 0; i < count; i++) {
        int result = live_once(path, moment, &refusals);
        if (result != PIPE_OK) {
            print_failure_at(result, i);
            return;
        }
    }
    print_result(no_bytes, "ok %" PRIu64 " busy %" PRIu64 " missing %" PRIu64, count,
                 refusals.busy, refusals.missing);
}

static void run_probe(char *rest) {
    uint64_t ms, per_second;
    const char *path;
    if (!take_word(&rest, &path) || !take_number(&rest, COUNT_MAX, &ms)) return;
    if (!take_number(&rest, 1000000, &per_second)) return;
    if (per_second == 0) {
        print_usage_error("0 tries a second");
        return;
    }
    struct refusals refusals = {0};
    uint64_t tries = 0, longest_us = 0, refused_since_us = 0;
    uint64_t now = monotonic_us(), due = now, end = now + ms * 1000;
    for (; now < end; tries++) {
        pipe_handle pipe;
        uint64_t tried_us = monotonic_us();
        int result = open_counted(path, &refusals, &pipe);
        if (result == PIPE_OK) pipe_close(pipe);
        else if (!is_refusal(result)) {
            print_failure_at(result, tries);
            return;
        }
        if (result != PIPE_OK && refused_since_us == 0) refused_since_us = tried_us;
        now = monotonic_us();
        if (refused_since_us != 0 && now - refused_since_us > longest_us)
            longest_us = now - refused_since_us;
        if (result == PIPE_OK) refused_since_us = 0;
        /* A try that is late moves the ones after it: no burst makes up for lost time. */
        due += 1000000 / per_second;
        if (due < now) due = now;
        else sleep_us(due - now);
        now = monotonic_us();
    }
    print_result(no_bytes,
                 "ok %" PRIu64 " busy %" PRIu64 " missing %" PRIu64 " longest_busy_us %" PRIu64,
                 tries, refusals.busy, refusals.missing, longest_us);
}

static const struct {
    const char *name;
    void (*run)(char *rest);
} commands[] = {
    {"churn", run_churn},         {"close", run_close},       {"closemany", run_closemany},
    {"exchange", run_exchange},   {"line", run_line},         {"open", run_open},
    {"handles", run_handles},     {"interrupt", run_interrupt}, {"openmany", run_openmany},   {"openwait", run_openwait}, {"peek", run_peek},
    {"probe", run_probe},         {"read", run_read},         {"readn", run_readn},
    {"repeat", run_repeat},       {"sleep", run_sleep},       {"split", run_split},
    {"trickle", run_trickle},     {"wline", run_wline},       {"write", run_write},
};

static void run_command(char *command) {
    char *rest = command + strcspn(command, " ");
    if (*rest != '\0') *rest++ = '\0';
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        if (strcmp(command, commands[i].name) == 0) {
            commands[i].run(rest);
            return;
        }
    }
    print_usage_error("no such command");
}

/* Reads a line without its end; answers its length, over COMMAND_LEN_MAX for a line too long,
 * which is then discarded, or -1 at the end of the script. */
static long read_command(char *command) {
    long len = 0;
    int byte;
    while ((byte = getchar()) != EOF && byte != '\n') {
        if (len < COMMAND_LEN_MAX) command[len] = (char)byte;
        if (len <= COMMAND_LEN_MAX) len++;
    }
    if (byte == EOF && len == 0) return -1;
    if (len > COMMAND_LEN_MAX) return len;
    if (len != 0 && command[len - 1] == '\r') len--;
    command[len] = '\0';
    return len;
}

int main(void) {
#ifdef _WIN32
    _setmode(_fileno(stdin), _O_BINARY);
    _setmode(_fileno(stdout), _O_BINARY);
#endif
    static char command[COMMAND_LEN_MAX + 1];
    long len;
    pipe_set_up();
    for (size_t i = 0; i < SLOTS; i++) slots[i] = PIPE_CLOSED;
    while ((len = read_command(command)) >= 0) {
        if (len > COMMAND_LEN_MAX) print_usage_error("the line is over 1048576 bytes");
        else if (command[strspn(command, " ")] == '\0' || command[0] == '#') continue;
        else if (strcmp(command, "quit") == 0) break;
        else run_command(command);
        fflush(stdout);
    }
    return 0;
}
