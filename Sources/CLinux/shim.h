#ifndef DPSCRIBE_CLINUX_H
#define DPSCRIBE_CLINUX_H

#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

/// Makes the process undumpable: no core file, no reading of its memory by other processes of the
/// same user. Returns 0, or -1 with errno set. (prctl is variadic, which Swift cannot call.)
static inline int linux_forbid_dumping(void) { return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0); }

/// Makes an empty file that is in memory alone and closed when another program is run. Returns its
/// descriptor, or -1 with errno set. (glibc's memfd_create is behind _GNU_SOURCE.)
static inline int linux_memory_file(void) { return (int)syscall(SYS_memfd_create, "records", 1u); }

#endif
