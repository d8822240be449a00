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
 *     silent          reads lines and never answers
 *     slow MS         answers each line after so many milliseconds, but a line `now` at once
 *     sleeper MARK    sleeps for an hour, whatever becomes of its input
 *     stderr          writes each line to stderr, then echoes
 *     stubborn        echoes, and sleeps for an hour at the end of its input
 *     twice           answers each line with two
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
