/* bcryptprimitives.dll for a Wine that lacks it (Wine 8 does).
 *
 * Rust's standard library takes its random numbers from ProcessPrng of this DLL and no Rust
 * program starts without it. It belongs in drive_c/windows/system32 of the prefix.
 */
#include <windows.h>
#include <ntsecapi.h>

__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE data, SIZE_T size) {
    for (; size > MAXLONG; data += MAXLONG, size -= MAXLONG) RtlGenRandom(data, MAXLONG);
    RtlGenRandom(data, (ULONG)size);
    return TRUE;
}
