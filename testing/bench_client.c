/* The load: bench_client PATH CLIENTS ROUNDS byte|line [WARMUP [ANSWER]]
 *
 * Each of CLIENTS threads opens a connection of its own, makes WARMUP round trips (100 if not
 * given), waits until all threads have come as far, and makes ROUNDS round trips that count: it
 * writes one price as the article's EA does and reads the answer, either one byte a call (`byte`,
 * the article's EA) or as much as is there (`line`). A line other than ANSWER (2.200 if not given)
 * ends the program with 1. Prints
 *
 *     rps R p50_us A p99_us B p999_us C max_us D
 *
 * for all threads together; each percentile is one of the measured times, none is estimated.
 */
#include "pipe.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef _WIN32
#include <process.h>
#else
#include <pthread.h>
#endif

#define REQUEST "1.10000000\r\n"
#define ANSWER_DEFAULT "2.200"

enum {
    READ_LEN = 4096,
    CLIENTS_MAX = 4096,
    ROUNDS_MAX = 100000000,
    WARMUP_DEFAULT = 100,
    OPEN_WAIT_MS = 10000,
};

static const char *path, *answer_expected = ANSWER_DEFAULT;
static size_t clients, rounds, warmup;
static int one_byte_reads;

struct client {
    pipe_handle pipe;
    uint64_t began_ns, ended_ns;
    uint64_t *samples_ns; /* `rounds` of them. */
};

static void fail(const char *what, int result) {
    if (result == PIPE_EOF) fprintf(stderr, "error: cannot %s: the server is gone\n", what);
    else fprintf(stderr, "error: cannot %s (os error %d)\n", what, result);
    exit(1);
}

/* ---- Threads and the line they all start from. ---- */

#ifdef _WIN32

typedef HANDLE thread_handle;
static HANDLE arrived; /* A semaphore: one count for each thread that is ready. */
static HANDLE started; /* An event that stays set. */

static void start_line_make(void) {
    arrived = CreateSemaphoreA(NULL, 0, (LONG)clients, NULL);
    started = CreateEventA(NULL, TRUE, FALSE, NULL);
    if (arrived == NULL || started == NULL) fail("make the start line", pipe_last_error());
}

static void start_line_wait(void) {
    ReleaseSemaphore(arrived, 1, NULL);
    WaitForSingleObject(started, INFINITE);
}

static void start_line_open(void) {
    for (size_t i = 0; i < clients; i++) WaitForSingleObject(arrived, INFINITE);
    SetEvent(started);
}

#define THREAD_RESULT unsigned __stdcall

static thread_handle thread_start(unsigned(__stdcall *run)(void *), void *argument) {
    thread_handle thread = (HANDLE)_beginthreadex(NULL, 0, run, argument, 0, NULL);
    if (thread == NULL) fail("start a thread", pipe_last_error());
    return thread;
}

static void thread_join(thread_handle thread) { WaitForSingleObject(thread, INFINITE); }

#else

typedef pthread_t thread_handle;
static pthread_barrier_t start_line;

static void start_line_make(void) {
    int error = pthread_barrier_init(&start_line, NULL, (unsigned)clients + 1);
    if (error != 0) fail("make the start line", error);
}

static void start_line_wait(void) { pthread_barrier_wait(&start_line); }

static void start_line_open(void) { pthread_barrier_wait(&start_line); }

#define THREAD_RESULT void *

static thread_handle thread_start(void *(*run)(void *), void *argument) {
    thread_handle thread;
    int error = pthread_create(&thread, NULL, run, argument);
    if (error != 0) fail("start a thread", error);
    return thread;
}

static void thread_join(thread_handle thread) { pthread_join(thread, NULL); }

#endif

/* ---- Round trips. ---- */

static void round_trip(pipe_handle pipe) {
    char answer[READ_LEN];
    size_t held = 0, count;
    int result = pipe_write(pipe, REQUEST, sizeof REQUEST - 1, &count);
    if (result != PIPE_OK) fail("write", result);
    do {
        size_t max = one_byte_reads ? 1 : sizeof answer - held;
        result = pipe_read(pipe, answer + held, max, &count);
        if (result != PIPE_OK) fail("read", result);
        held += count;
    } while (held < sizeof answer && (held == 0 || answer[held - 1] != '\n'));
    size_t len = strlen(answer_expected);
    if (held != len + 2 || memcmp(answer, answer_expected, len) != 0 ||
        memcmp(answer + len, "\r\n", 2) != 0) {
        fprintf(stderr, "error: the answer is not %s but %.*s\n", answer_expected, (int)held, answer);
        exit(1);
    }
}

static THREAD_RESULT client_thread(void *argument) {
    struct client *client = argument;
    int result = pipe_open_wait(path, OPEN_WAIT_MS, &client->pipe);
    if (result != PIPE_OK) fail("open the pipe", result);
    for (size_t i = 0; i < warmup; i++) round_trip(client->pipe);
    start_line_wait();
    uint64_t before = client->began_ns = monotonic_ns();
    for (size_t i = 0; i < rounds; i++) {
        round_trip(client->pipe);
        uint64_t after = monotonic_ns();
        client->samples_ns[i] = after - before;
        before = after;
    }
    client->ended_ns = before;
    pipe_close(client->pipe);
    return 0;
}

/* ---- Figures. ---- */

static int compare(const void *left, const void *right) {
    uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;
    return (a > b) - (a < b);
}

/* The smallest sample that `per_mille` of all samples do not exceed, in microseconds. */
static double percentile_us(const uint64_t *sorted_ns, size_t count, size_t per_mille) {
    size_t rank = (count * per_mille + 999) / 1000;
    return (double)sorted_ns[rank == 0 ? 0 : rank - 1] / 1000.0;
}

static void report(const struct client *all, uint64_t *samples_ns) {
    uint64_t began = all[0].began_ns, ended = all[0].ended_ns;
    for (size_t i = 1; i < clients; i++) {
        if (all[i].began_ns < began) began = all[i].began_ns;
        if (all[i].ended_ns > ended) ended = all[i].ended_ns;
    }
    size_t count = clients * rounds;
    qsort(samples_ns, count, sizeof *samples_ns, compare);
    double seconds = (double)(ended > began ? ended - began : 1) / 1e9;
    printf("rps %.0f p50_us %.1f p99_us %.1f p999_us %.1f max_us %.1f\n", (double)count / seconds,
           percentile_us(samples_ns, count, 500), percentile_us(samples_ns, count, 990),
           percentile_us(samples_ns, count, 999), percentile_us(samples_ns, count, 1000));
}

static size_t number(const char *text, size_t min, size_t max) {
    char *end;
    unsigned long value = strtoul(text, &end, 10);
    if (end == text || *end != '\0' || value < min || value > max) {
        fprintf(stderr, "error: `%s` is not a number from %zu to %zu\n", text, min, max);
        exit(2);
    }
    return value;
}

int main(int argc, char **argv) {
    if (argc < 5 || argc > 7 || (strcmp(argv[4], "byte") != 0 && strcmp(argv[4], "line") != 0)) {
        fputs("usage: bench_client PATH CLIENTS ROUNDS byte|line [WARMUP [ANSWER]]\n", stderr);
        return 2;
    }
    path = argv[1];
    clients = number(argv[2], 1, CLIENTS_MAX);
    rounds = number(argv[3], 1, ROUNDS_MAX);
    one_byte_reads = argv[4][0] == 'b';
    if (argc > 6) answer_expected = argv[6];
    warmup = argc > 5 ? number(argv[5], 0, ROUNDS_MAX) : WARMUP_DEFAULT;
    pipe_set_up();
    start_line_make();

    struct client *all = calloc(clients, sizeof *all);
    thread_handle *threads = calloc(clients, sizeof *threads);
    uint64_t *samples_ns = calloc(clients * rounds, sizeof *samples_ns);
    if (all == NULL || threads == NULL || samples_ns == NULL) {
        fputs("error: not enough memory for the samples\n", stderr);
        return 1;
    }
    /* Touches every page now, so that no round trip pays for one. */
    memset(samples_ns, 0xff, clients * rounds * sizeof *samples_ns);
    for (size_t i = 0; i < clients; i++) {
        all[i].samples_ns = samples_ns + i * rounds;
        threads[i] = thread_start(client_thread, &all[i]);
    }
    start_line_open();
    for (size_t i = 0; i < clients; i++) thread_join(threads[i]);
    report(all, samples_ns);
    return 0;
}
