/* The yardstick: bench_server PATH
 *
 * The plainest server of the article's exchange that has no flaw of its own: a thread for each
 * connection, blocking calls, up to 4096 bytes in one read, one write for each line. It doubles
 * every number and trusts every client; errors have no answer here. It prints `ready` once clients
 * can open the pipe and runs until its parent ends it.
 */
#include "pipe.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef _WIN32
#include <process.h>
#else
#include <pthread.h>
#endif

enum {
    READ_LEN = 4096,
    LINE_LEN_MAX = 4096, /* A longer line ends its connection. */
    PIPE_BUFFER_LEN = 256 * 1024,
};

static void fail(const char *what) {
    fprintf(stderr, "error: cannot %s (os error %d)\n", what, pipe_last_error());
    exit(1);
}

/* Answers one line, which ends at a zero; returns whether the peer took it. */
static int answer(pipe_handle pipe, const char *line) {
    char reply[512]; /* The largest double has 309 digits before its point. */
    int len = snprintf(reply, sizeof reply, "%.3f\r\n", strtod(line, NULL) * 2.0);
    size_t written;
    return pipe_write(pipe, reply, (size_t)len, &written) == PIPE_OK;
}

/* Serves one connection until its peer is gone. */
static void serve(pipe_handle pipe) {
    char buffer[LINE_LEN_MAX + READ_LEN];
    size_t held = 0; /* Bytes of a line that has no end yet. */
    while (held <= LINE_LEN_MAX) {
        size_t got;
        if (pipe_read(pipe, buffer + held, READ_LEN, &got) != PIPE_OK) return;
        char *line = buffer, *end = buffer + held + got;
        char *newline, *unsearched = buffer + held;
        while ((newline = memchr(unsearched, '\n', (size_t)(end - unsearched))) != NULL) {
            *newline = '\0';
            if (!answer(pipe, line)) return;
            line = unsearched = newline + 1;
        }
        held = (size_t)(end - line);
        if (held != 0) memmove(buffer, line, held);
    }
}

#ifdef _WIN32

static unsigned __stdcall serve_thread(void *pipe) {
    serve(pipe);
    pipe_close(pipe);
    return 0;
}

static HANDLE create_instance(const char *path) {
    HANDLE pipe =
        CreateNamedPipeA(path, PIPE_ACCESS_DUPLEX, PIPE_TYPE_BYTE | PIPE_READMODE_BYTE | PIPE_WAIT,
                         PIPE_UNLIMITED_INSTANCES, PIPE_BUFFER_LEN, PIPE_BUFFER_LEN, 0, NULL);
    if (pipe == INVALID_HANDLE_VALUE) fail("create the pipe");
    return pipe;
}

static void listen_for_ever(const char *path) {
    HANDLE pipe = create_instance(path);
    puts("ready");
    fflush(stdout);
    for (;;) {
        BOOL connected = ConnectNamedPipe(pipe, NULL) || GetLastError() == ERROR_PIPE_CONNECTED;
        HANDLE next = create_instance(path);
        if (connected) {
            HANDLE thread = (HANDLE)_beginthreadex(NULL, 0, serve_thread, pipe, 0, NULL);
            if (thread == NULL) fail("start a thread");
            CloseHandle(thread);
        } else {
            /* The client was gone before it was seen. */
            CloseHandle(pipe);
        }
        pipe = next;
    }
}

#else

static void *serve_thread(void *argument) {
    pipe_handle pipe = (pipe_handle)(intptr_t)argument;
    serve(pipe);
    pipe_close(pipe);
    return NULL;
}

static void listen_for_ever(const char *path) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof address.sun_path) {
        errno = ENAMETOOLONG;
        fail("use the path");
    }
    strcpy(address.sun_path, path);
    unlink(path);
    int listener = socket(AF_UNIX, SOCK_STREAM, 0);
    if (listener < 0) fail("make a socket");
    if (bind(listener, (struct sockaddr *)&address, sizeof address) < 0) fail("bind the socket");
    if (listen(listener, SOMAXCONN) < 0) fail("listen");
    puts("ready");
    fflush(stdout);
    for (;;) {
        int fd = accept(listener, NULL, NULL);
        if (fd < 0 && (errno == EINTR || errno == ECONNABORTED)) continue;
        if (fd < 0) fail("accept");
        pthread_t thread;
        errno = pthread_create(&thread, NULL, serve_thread, (void *)(intptr_t)fd);
        if (errno != 0) fail("start a thread");
        pthread_detach(thread);
    }
}

#endif

int main(int argc, char **argv) {
    if (argc != 2) {
        fputs("usage: bench_server PATH\n", stderr);
        return 2;
    }
    pipe_set_up();
    listen_for_ever(argv[1]);
}
