#ifndef ALLOCATIONS_H
#define ALLOCATIONS_H

#include <stddef.h>

// A count of large allocations, for tests.
//
// The calls of libc that take memory are defined anew in the test executable. They do what libc's
// do, and count for the thread that asked for it.

/// Counts this thread's allocations of at least `size` bytes from now on.
void allocations_start(size_t size);

/// Ends that, and returns how many there were.
long allocations_stop(void);

#endif
