#ifndef FAULTY_DISK_H
#define FAULTY_DISK_H

// A disk that fails at a chosen call, for tests.
//
// The calls of libc that change files are defined anew in the test executable, so that everything in
// the process, libhdf5 and Foundation included, goes through them. They do what libc's do, but for
// the thread that asked for failures.

/// What happens at the chosen call.
typedef enum {
    /// It fails; the calls after it work.
    FAULTY_DISK_FAILS_ONCE,
    /// It and all calls after it fail, as if the process had ended there.
    FAULTY_DISK_STOPS,
    /// Nothing fails, but every write takes only half of its bytes, as it may.
    FAULTY_DISK_WRITES_SHORT
} FaultyDiskMode;

/// Counts the calls of this thread from now on, and spoils number `failing`, from 0.
///
/// A write that fails has written half of its bytes.
///
///  - failing: Which call.
///  - code: The `errno` of failing calls.
void faulty_disk_arm(long failing, FaultyDiskMode mode, int code);

/// Ends that, and returns how many calls were counted.
long faulty_disk_disarm(void);

#endif
