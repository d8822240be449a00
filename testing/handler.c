/* A program that answers lines, in one of many ways: handler WAY [ARGUMENT]
 *
 *     arguments ...   answers with the arguments it was given
 *     banner          prints a line before it is asked, then echoes
 *     binary          answers with bytes that are no text
 *     children MARK   starts itself as `sleeper MARK` twice, then echoes
 *     deaf            never reads, never writes
 *     die             ends at once, with exit code 7
 *     die-after N     echoes N lines, then ends before it answers the next
 *     double          twice the number, with three decimals
 *     echo            the line as it came
 *     environment     answers with the value of the variable that the line names
 *     error           answers ERR with the line as its text
 *     flood           prints lines without end and reads nothing
 *     half            reads a line, prints half an answer and ends
 *     long N          answers with N characters
 *     once            echoes one line and ends
 *     pid             answers with its process id
 *     session [MARK]  speaks in sessions, in the manner that the EA's hello names as its instance;
 *                     echoes in line mode
 *     silent          reads lines and never answers
 *     slow MS         answers each line after so many milliseconds, but a line `now` at once
 *     sleeper MARK    sleeps for an hour, whatever becomes of its input
 *     stderr          writes each line to stderr, then echoes
 *     stubborn        echoes, and sleeps for an hour at the end of its input
 *     twice           answers each line with two
 *
 * Manners in a session; each answers ticks at once, but for what is said of it:
 *
 *     close-in        closes its input before it answers its first tick, and lives on
 *     close-out       closes its output at its second tick, and lives on
 *     deaf            reads nothing behind the hello
 *     die             ends at its second tick, with exit code 7
 *     die-at-once     ends at the hello, with exit code 7
 *     duplicate       sends two orders under one id before it answers a tick
 *     flood           prints lines that are too long, without end
 *     half            prints half an answer to its second tick, and lives on
 *     half-die        prints half an answer to its second tick, and ends
 *     late            answers its second tick after 1.5 s
 *     mute            answers no tick
 *     noise           prints something that is no message before each answer, each time another
 *     notify          sends an order without an id, and a bye, before each answer
 *     order           sends an order at a tick, waits for its answer
 *     order-die       sends an order at a tick, and ends when it is on its way to the EA
 *     requests        sends 70 requests at a tick before it reads an answer; tells how many failed
 *     silent          answers its first tick alone
 *     stranger        answers ids that nobody asked, before each answer
 *     stubborn        starts two sleepers, and sleeps for an hour at the end of its input
 *     twice           answers its first three ticks twice, the second time with an error
 *     (any other)     is as good as can be
 *
 * `duplicate` and `requests` say on stderr when all they asked has been looked at.
 *
 * Reads and writes whole lines without buffering. Ends with 0 at the end of its input.
 */
#ifndef __USE_MINGW_ANSI_STDIO
#define __USE_MINGW_ANSI_STDIO 1
#endif

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef _WIN32
#define WIN32_LEAN_AND_MEAN
#include <windows.h>

#include <fcntl.h>
#include <io.h>
#include <process.h>
#else
#include <time.h>
#include <unistd.h>
#endif

enum { LINE_LEN_MAX = 128 * 1024, SLEEP_MS = 3600 * 1000 };

static char line[LINE_LEN_MAX];

#ifdef _WIN32

static void sleep_ms(unsigned long ms) { Sleep(ms); }

static void start_sleeper(char *program, char *mark) {
    if (_spawnl(_P_NOWAIT, program, program, "sleeper", mark, NULL) == -1) exit(9);
}

#else

static void sleep_ms(unsigned long ms) {
    struct timespec time = {.tv_sec = (time_t)(ms / 1000), .tv_nsec = (long)(ms % 1000) * 1000000};
    nanosleep(&time, NULL);
}

static void start_sleeper(char *program, char *mark) {
    pid_t child = fork();
    if (child < 0) exit(9);
    if (child == 0) {
        execl(program, program, "sleeper", mark, (char *)NULL);
        _exit(9);
    }
}

#endif

static void print(const char *text) {
    if (fputs(text, stdout) == EOF || fflush(stdout) == EOF) exit(8);
}

static void print_line(const char *text) {
    if (printf("%s\n", text) < 0 || fflush(stdout) == EOF) exit(8);
}

/* Reads a line without its end; 0 at the end of the input. */
static int read_line(void) {
    if (fgets(line, sizeof line, stdin) == NULL) return 0;
    line[strcspn(line, "\r\n")] = '\0';
    return 1;
}

static void answer(const char *way, unsigned long number) {
    if (strcmp(way, "binary") == 0) {
        print("\x80\xfe\xff\x01\n");
    } else if (strcmp(way, "double") == 0) {
        printf("%.3f\n", strtod(line, NULL) * 2);
    } else if (strcmp(way, "environment") == 0) {
        const char *value = getenv(line);
        print_line(value == NULL ? "(none)" : value);
    } else if (strcmp(way, "error") == 0) {
        printf("ERR %s\n", line);
    } else if (strcmp(way, "half") == 0) {
        print("2.2");
        exit(0);
    } else if (strcmp(way, "long") == 0) {
        for (unsigned long i = 0; i < number; i++) putchar('x');
        putchar('\n');
    } else if (strcmp(way, "pid") == 0) {
        printf("%ld\n", (long)getpid());
    } else if (strcmp(way, "slow") == 0) {
        if (strcmp(line, "now") != 0) sleep_ms(number);
        print_line(line);
    } else if (strcmp(way, "stderr") == 0) {
        fprintf(stderr, "%s\n", line);
        fflush(stderr);
        print_line(line);
    } else if (strcmp(way, "twice") == 0) {
        printf("%s\nsurplus\n", line);
    } else if (strcmp(way, "silent") != 0) {
        print_line(line);
    }
    if (fflush(stdout) == EOF) exit(8);
}

/* ---- Sessions. ---- */

enum { LATE_MS = 1500, REQUESTS = 70, TOO_LONG = 70000, TOO_DEEP = 30000 };

static char manner[64];

static int is_manner(const char *name) { return strcmp(manner, name) == 0; }

/* Finds what stands behind a text; the empty text if it is not there. */
static const char *behind(const char *text, const char *name) {
    const char *found = strstr(text, name);
    return found == NULL ? "" : found + strlen(name);
}

static void sleep_for_ever(void) {
    sleep_ms(SLEEP_MS);
    exit(0);
}

static void repeat(const char *text, unsigned long count) {
    for (unsigned long i = 0; i < count; i++) fputs(text, stdout);
}

static void answer_tick(unsigned long id) {
    printf("{\"jsonrpc\":\"2.0\",\"id\":%lu,\"result\":{}}\n", id);
    print("");
}

/* Prints a request under an id, or a notification if there is none. */
static void ask(const char *id, const char *method, const char *params) {
    printf("{\"jsonrpc\":\"2.0\",%s%s%s\"method\":\"%s\"", *id ? "\"id\":\"" : "", id,
           *id ? "\"," : "", method);
    if (*params) printf(",\"params\":{%s}", params);
    print("}\n");
}

static void ask_order(const char *id) {
    ask(id, "order_send",
        "\"action\":\"market\",\"symbol\":\"EURUSD\",\"type\":\"buy\",\"volume\":0.10");
}

/* Reads up to the answer to a request. */
static void await(const char *id) {
    char start[64];
    snprintf(start, sizeof start, "{\"jsonrpc\":\"2.0\",\"id\":\"%s\",", id);
    while (read_line())
        if (strncmp(line, start, strlen(start)) == 0) return;
    exit(0);
}

/* If this is the answer to a ping, all that was printed before the ping has been looked at. */
static void tell_looked_at(void) {
    if (strstr(line, "\"id\":\"p\"") == NULL) return;
    fputs("all was looked at\n", stderr);
    fflush(stderr);
}

/* Prints one line that is no message, and none that a tick may be answered with. */
static void print_noise(unsigned long kind, unsigned long id) {
    switch (kind) {
    case 1: print("order sent!\n"); break;
    case 2:
        repeat("x", TOO_LONG);
        print("\n");
        break;
    case 3:
        printf("{\"jsonrpc\":\"2.0\",\"id\":%lu,\"result\":{\"x\":\"", id);
        repeat("x", TOO_LONG);
        print("\"}}\n");
        break;
    case 4:
        printf("{\"jsonrpc\":\"2.0\",\"id\":%lu,\"error\":{\"message\":\"\xff\xfe\"}}\n", id);
        break;
    case 5:
        repeat("[", TOO_DEEP);
        print("\n");
        break;
    case 6:
        repeat("{\"id\":", TOO_DEEP / 6);
        print("\n");
        break;
    case 7: printf("[{\"jsonrpc\":\"2.0\",\"id\":%lu,\"error\":{}}]\n", id); break;
    case 8: print("\n"); break;
    case 9:
        fwrite("\0\0\0\n", 1, 4, stdout);
        break;
    case 10: printf("{\"jsonrpc\":\"2.0\",\"id\":%lu,\"result\":{},\"error\":{}}\n", id); break;
    case 11: printf("{\"id\":%lu,\"error\":{\"code\":1,\"message\":\"x\"}}\n", id); break;
    default: print("1e400\n");
    }
}

static void ask_too_much(void) {
    char id[16], text[32];
    unsigned long failed = 0;
    for (int i = 0; i < REQUESTS; i++) {
        snprintf(id, sizeof id, "c%d", i);
        ask(id, "comment", "\"text\":\"one of many\"");
    }
    ask("p", "ping", "");
    /* The answer to each of them, and that to the ping among them. */
    for (int i = 0; i <= REQUESTS && read_line(); i++) {
        failed += strstr(line, "\"too_many_requests\"") != NULL;
        tell_looked_at();
    }
    snprintf(text, sizeof text, "\"text\":\"%lu failed\"", failed);
    ask("last", "comment", text);
    await("last");
}

/* What a manner does before it answers a tick, counted from 1; 0 if it answers none. */
static int before_answer(unsigned long count, unsigned long id) {
    if (is_manner("mute") || (is_manner("silent") && count > 1)) return 0;
    if (is_manner("half") && count > 2) return 0;
    if (is_manner("die") && count == 2) exit(7);
    if (count == 2 && (is_manner("half") || is_manner("half-die"))) {
        printf("{\"jsonrpc\":\"2.0\",\"id\":%lu,\"res", id);
        print("");
        if (is_manner("half-die")) exit(7);
        return 0;
    }
    if (is_manner("close-out") && count == 2) {
        fclose(stdout);
        sleep_for_ever();
    }
    if (is_manner("late") && count == 2) sleep_ms(LATE_MS);
    if (is_manner("noise")) print_noise(count, id);
    if (is_manner("stranger")) {
        answer_tick(id + 1000);
        answer_tick(0);
        print("{\"jsonrpc\":\"2.0\",\"id\":\"1\",\"result\":{}}\n");
        print("{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":1,\"message\":\"x\"}}\n");
    }
    if (is_manner("notify")) {
        ask_order("");
        ask("", "bye", "\"code\":\"shutting_down\"");
    }
    if (is_manner("order") || is_manner("duplicate")) {
        ask_order("o");
        if (is_manner("duplicate")) {
            ask_order("o");
            ask("p", "ping", "");
            await("o");
            await("p");
            tell_looked_at();
        }
        await("o");
    }
    if (is_manner("order-die")) {
        ask_order("o");
        /* Answered once the order is on its way. */
        ask("p", "ping", "");
        await("p");
        exit(7);
    }
    if (is_manner("requests")) ask_too_much();
    return 1;
}

static void begin_session(char *program, char *mark) {
    const char *name = behind(line, "\"instance\":\"");
    snprintf(manner, sizeof manner, "%.*s", (int)strcspn(name, "\"."), name);
    if (is_manner("die-at-once")) exit(7);
    if (is_manner("deaf")) sleep_for_ever();
    while (is_manner("flood")) {
        memset(line, 'x', sizeof line);
        line[sizeof line - 1] = '\n';
        if (fwrite(line, 1, sizeof line, stdout) != sizeof line) exit(8);
    }
    if (is_manner("stubborn")) {
        start_sleeper(program, mark);
        start_sleeper(program, mark);
    }
}

static void speak_in_session(char *program, char *mark) {
    unsigned long count = 0;
    while (read_line()) {
        if (strstr(line, "\"method\":\"hello\"") != NULL) begin_session(program, mark);
        /* A tick that nobody waits for has no id. */
        unsigned long id = strtoul(behind(line, "{\"jsonrpc\":\"2.0\",\"id\":"), NULL, 10);
        if (strstr(line, "\"method\":\"tick\"") == NULL || id == 0) continue;
        count++;
        if (!before_answer(count, id)) continue;
        /* Before the answer: whoever has heard it finds the input closed. */
        if (is_manner("close-in")) fclose(stdin);
        answer_tick(id);
        if (is_manner("twice") && count <= 3)
            printf("{\"jsonrpc\":\"2.0\",\"id\":%lu,\"error\":{\"code\":1,\"message\":\"2\"}}\n",
                   id);
        if (is_manner("close-in")) sleep_for_ever();
        print("");
    }
    if (is_manner("stubborn")) sleep_for_ever();
}

int main(int argc, char **argv) {
    if (argc < 2) {
        fputs("usage: handler WAY [ARGUMENT]\n", stderr);
        return 2;
    }
    const char *way = argv[1];
    unsigned long number = argc > 2 ? strtoul(argv[2], NULL, 10) : 0;
#ifdef _WIN32
    _setmode(_fileno(stdin), _O_BINARY);
    _setmode(_fileno(stdout), _O_BINARY);
#endif
    if (strcmp(way, "die") == 0) return 7;
    if (strcmp(way, "deaf") == 0 || strcmp(way, "sleeper") == 0) {
        sleep_ms(SLEEP_MS);
        return 0;
    }
    if (strcmp(way, "flood") == 0) {
        for (;;) print("flood\n");
    }
    if (strcmp(way, "banner") == 0) print("ready\n");
    if (strcmp(way, "children") == 0 && argc > 2) {
        start_sleeper(argv[0], argv[2]);
        start_sleeper(argv[0], argv[2]);
    }
    const char *mode = getenv("TICKPIPE_MODE");
    if (strcmp(way, "session") == 0 && mode != NULL && strcmp(mode, "session") == 0) {
        speak_in_session(argv[0], argc > 2 ? argv[2] : "none");
        return 0;
    }
    if (strcmp(way, "arguments") == 0) {
        while (read_line()) {
            for (int i = 2; i < argc; i++) printf("[%s]", argv[i]);
            print("\n");
        }
        return 0;
    }
    for (unsigned long count = 0; read_line(); count++) {
        if (strcmp(way, "die-after") == 0 && count == number) return 7;
        answer(way, number);
        if (strcmp(way, "once") == 0) return 0;
    }
    if (strcmp(way, "stubborn") == 0) sleep_ms(SLEEP_MS);
    return 0;
}
