#ifndef DPSCRIBE_CLINUX_H
#define DPSCRIBE_CLINUX_H

#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

// What is variadic, which Swift cannot call, or must be called from a signal handler.

/// Makes the process undumpable: no core file, no reading of its memory by other processes of the
/// same user. Returns 0, or -1 with errno set.
static inline int linux_forbid_dumping(void) { return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0); }

/// How many columns the terminal behind a descriptor has; 0 if there is none, or it does not say.
static inline int linux_terminal_columns(int descriptor) {
    struct winsize size;
    return ioctl(descriptor, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

/// Bytes of address space that are left below the process's limit; the largest number without a limit
/// or where it cannot be told. Safe in a signal handler.
static inline long linux_free_address_space(void) {
    const long unknown = (long)(~0UL >> 1);
    struct rlimit limit;
    if (getrlimit(RLIMIT_AS, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return unknown;
    int file = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
    if (file < 0) return unknown;
    char digits[32];
    long count = read(file, digits, sizeof digits), pages = 0;
    close(file);
    for (long i = 0; i < count && digits[i] >= '0' && digits[i] <= '9'; i++)
        pages = 10 * pages + (digits[i] - '0');
    return count < 1 ? unknown : (long)limit.rlim_cur - pages * sysconf(_SC_PAGESIZE);
}

#endif
