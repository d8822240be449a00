/* What the server at the other end of a pipe has open, to find leaks.
 *
 * Wine always answers 0 to GetProcessHandleCount, so handles are counted in the system's own table.
 */
#ifndef TICKPIPE_TESTING_HANDLES_H
#define TICKPIPE_TESTING_HANDLES_H

#include "pipe.h"

#include <stdio.h>
#include <stdlib.h>

#ifdef _WIN32

#include <psapi.h>

/* The table of SystemExtendedHandleInformation, which is 64. */
struct system_handle {
    void *object;
    ULONG_PTR process;
    ULONG_PTR handle;
    ULONG access;
    USHORT creator;
    USHORT type;
    ULONG attributes;
    ULONG reserved;
};

struct system_handles {
    ULONG_PTR count;
    ULONG_PTR reserved;
    struct system_handle handles[];
};

static inline int server_handles(pipe_handle pipe, long *handles, long *resident_kib) {
    typedef LONG(WINAPI * query_function)(ULONG, void *, ULONG, ULONG *);
    ULONG process = 0;
    if (!GetNamedPipeServerProcessId(pipe, &process)) return pipe_last_error();
    query_function query = (query_function)(void *)GetProcAddress(GetModuleHandleA("ntdll.dll"),
                                                                  "NtQuerySystemInformation");
    const ULONG size = 8 << 20;
    struct system_handles *table = malloc(size);
    if (!query || !table || query(64, table, size, NULL) < 0) {
        free(table);
        return ERROR_NOT_SUPPORTED;
    }
    *handles = 0;
    for (ULONG_PTR i = 0; i < table->count; i++)
        if (table->handles[i].process == process) *handles += 1;
    free(table);

    HANDLE server = OpenProcess(PROCESS_QUERY_INFORMATION | PROCESS_VM_READ, FALSE, process);
    if (!server) return pipe_last_error();
    PROCESS_MEMORY_COUNTERS memory;
    BOOL done = K32GetProcessMemoryInfo(server, &memory, sizeof memory);
    int error = pipe_last_error();
    CloseHandle(server);
    *resident_kib = done ? (long)(memory.WorkingSetSize / 1024) : 0;
    return done ? PIPE_OK : error;
}

#else

#include <dirent.h>

static inline int server_handles(pipe_handle pipe, long *handles, long *resident_kib) {
    /* The layout of struct ucred, which only GNU's headers name. */
    struct {
        pid_t process;
        uid_t user;
        gid_t group;
    } peer;
    socklen_t len = sizeof peer;
    if (getsockopt(pipe, SOL_SOCKET, SO_PEERCRED, &peer, &len) != 0) return errno;
    char path[64];
    snprintf(path, sizeof path, "/proc/%ld/fd", (long)peer.process);
    DIR *folder = opendir(path);
    if (!folder) return errno;
    *handles = -2; /* `.` and `..` */
    while (readdir(folder)) *handles += 1;
    closedir(folder);

    snprintf(path, sizeof path, "/proc/%ld/statm", (long)peer.process);
    FILE *file = fopen(path, "r");
    if (!file) return errno;
    long pages = 0;
    int found = fscanf(file, "%*s %ld", &pages);
    fclose(file);
    *resident_kib = pages * (sysconf(_SC_PAGESIZE) / 1024);
    return found == 1 ? PIPE_OK : EIO;
}

#endif

#endif
