/* Stands in for MetaEditor on Windows: metaeditor /compile:"SOURCE" /include:"FOLDER" /log:"FILE" [/portable]
 *
 * Its ways are lines `NAME WAY` in `ways.txt` beside it, by the source's name without its extension:
 *
 *     errors    two errors in the log, nothing compiled, exit code 0
 *     garbage   4 MiB of no text in the log, nothing compiled
 *     hang      starts itself, and both sleep for an hour
 *     late      starts itself, which compiles once this one has ended
 *     none      a log without errors, nothing compiled
 *     no-log    compiled, no log
 *     warnings  compiled, with two warnings
 *     (none)    compiled
 *
 * Its exit code says nothing, as that of the real one: it is 1 when all is well. It is 3 for options without
 * their quotes, and 4 where a file of ours is not beneath FOLDER.
 */
#ifdef _WIN32
#define WIN32_LEAN_AND_MEAN
#include <windows.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

enum { PATH_LEN_MAX = 4096, HOUR_MS = 3600 * 1000 };

static wchar_t source[PATH_LEN_MAX], include[PATH_LEN_MAX], log_path[PATH_LEN_MAX];

/* Finds `/name:"…"` in the command line. */
static int option(const wchar_t *name, wchar_t *value) {
    const wchar_t *start = wcsstr(GetCommandLineW(), name);
    const wchar_t *end = start ? wcschr(start + wcslen(name), L'"') : NULL;
    if (!end) return 0;
    start += wcslen(name);
    size_t len = (size_t)(end - start);
    if (len >= PATH_LEN_MAX) return 0;
    wmemcpy(value, start, len);
    value[len] = 0;
    return 1;
}

static void write_file(const wchar_t *path, const void *bytes, size_t len) {
    HANDLE file = CreateFileW(path, GENERIC_WRITE, FILE_SHARE_READ, NULL, CREATE_ALWAYS, 0, NULL);
    DWORD written = 0;
    if (file == INVALID_HANDLE_VALUE) exit(5);
    WriteFile(file, bytes, (DWORD)len, &written, NULL);
    CloseHandle(file);
}

static void write_log(const wchar_t *text) {
    static wchar_t bytes[4096];
    bytes[0] = 0xfeff;
    wcscpy(bytes + 1, text);
    write_file(log_path, bytes, wcslen(bytes) * sizeof(wchar_t));
}

/* Writes the program that is made of SOURCE: `.mq4` becomes `.ex4`. */
static void write_made(void) {
    static wchar_t made[PATH_LEN_MAX];
    static char text[64];
    FILETIME now;
    wcscpy(made, source);
    wchar_t *extension = wcsrchr(made, L'.');
    if (!extension) exit(4);
    wmemcpy(extension + 1, L"ex", 2);
    GetSystemTimeAsFileTime(&now);
    int len = snprintf(text, sizeof text, "compiled %lu", (unsigned long)now.dwLowDateTime);
    write_file(made, text, (size_t)len);
}

static void find_way(char *way, size_t size) {
    static wchar_t path[PATH_LEN_MAX];
    char name[256] = "", line_name[256], line_way[256];
    const wchar_t *start = wcsrchr(source, L'\\');
    start = start ? start + 1 : source;
    for (size_t i = 0; i + 1 < sizeof name && start[i] && start[i] != L'.'; i++) name[i] = (char)start[i];
    GetModuleFileNameW(NULL, path, PATH_LEN_MAX);
    wchar_t *end = wcsrchr(path, L'\\');
    if (end) wcscpy(end + 1, L"ways.txt");
    snprintf(way, size, "good");
    FILE *file = _wfopen(path, L"r");
    if (!file) return;
    while (fscanf(file, "%255s %255s", line_name, line_way) == 2)
        if (!strcmp(line_name, name)) snprintf(way, size, "%s", line_way);
    fclose(file);
}

/* Starts this program again, with a variable that tells it what it is. */
static void start_again(const char *as) {
    STARTUPINFOW startup = {.cb = sizeof startup};
    PROCESS_INFORMATION started;
    wchar_t *line = _wcsdup(GetCommandLineW());
    SetEnvironmentVariableA("METAEDITOR_AS", as);
    if (!CreateProcessW(NULL, line, NULL, NULL, FALSE, 0, NULL, NULL, &startup, &started)) exit(6);
    CloseHandle(started.hThread);
    CloseHandle(started.hProcess);
    free(line);
}

int main(void) {
    static char garbage[4 << 20];
    static wchar_t ours[PATH_LEN_MAX + 64];
    char way[256], as[32] = "";
    if (!option(L"/compile:\"", source) || !option(L"/include:\"", include) || !option(L"/log:\"", log_path))
        return 3;
    swprintf(ours, PATH_LEN_MAX + 64, L"%ls\\Include\\TickPipe\\Line.mqh", include);
    if (GetFileAttributesW(ours) == INVALID_FILE_ATTRIBUTES) return 4;
    GetEnvironmentVariableA("METAEDITOR_AS", as, sizeof as);
    if (!strcmp(as, "sleeper")) Sleep(HOUR_MS);
    find_way(way, sizeof way);
    if (!strcmp(way, "hang")) {
        start_again("sleeper");
        Sleep(HOUR_MS);
    } else if (!strcmp(way, "late") && !*as) {
        start_again("late");
    } else if (!strcmp(way, "errors")) {
        write_log(L"C:\\a b\\X.mq5(12,5) : error 256: undeclared identifier 'x'\r\n"
                  L"C:\\a b\\X.mq5(13,1) : error 149: unexpected token\r\nResult: 2 errors, 0 warnings\r\n");
        return 0;
    } else if (!strcmp(way, "garbage")) {
        for (size_t i = 0; i < sizeof garbage; i++) garbage[i] = (char)(i * 7 + i / 251);
        write_file(log_path, garbage, sizeof garbage);
    } else if (!strcmp(way, "none")) {
        write_log(L"Result: 0 errors, 0 warnings, 5 ms elapsed\r\n");
    } else if (!strcmp(way, "no-log")) {
        write_made();
    } else if (!strcmp(way, "warnings")) {
        write_made();
        write_log(L"X.mq5(1,2) : warning 43: possible loss of data\r\nX.mq5(3,2) : warning 43: possible loss\r\n"
                  L"Result: 0 errors, 2 warnings\r\n");
    } else {
        write_made();
        write_log(L"X.mq5 : information: compiling\r\n : information: code generated\r\n"
                  L"Result: 0 errors, 0 warnings, 412 ms elapsed, cpu='X64 Regular'\r\n");
    }
    return 1;
}
#else
int main(void) { return 2; /* Windows only */ }
#endif
