#ifndef DPSCRIBE_CLINUX_H
#define DPSCRIBE_CLINUX_H

#include <sys/prctl.h>

/// Makes the process undumpable: no core file, no reading of its memory by other processes of the
/// same user. Returns 0, or -1 with errno set. (prctl is variadic, which Swift cannot call.)
static inline int linux_forbid_dumping(void) { return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0); }

#endif
