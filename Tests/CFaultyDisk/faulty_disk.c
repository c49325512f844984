#define _GNU_SOURCE
#include "faulty_disk.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

static _Thread_local struct {
    bool armed;
    long failing;
    long count;
    FaultyDiskMode mode;
    int code;
} disk;

void faulty_disk_arm(long failing, FaultyDiskMode mode, int code) {
    disk.failing = failing;
    disk.mode = mode;
    disk.code = code;
    disk.count = 0;
    disk.armed = true;
}

long faulty_disk_disarm(void) {
    disk.armed = false;
    return disk.count;
}

/// Counts a call; true, with errno set, if it must fail.
static bool fails(void) {
    if (!disk.armed) return false;
    long number = disk.count++;
    if (disk.mode == FAULTY_DISK_WRITES_SHORT) return false;
    if (number != disk.failing && !(disk.mode == FAULTY_DISK_STOPS && number > disk.failing)) {
        return false;
    }
    errno = disk.code;
    return true;
}

/// Whether the descriptor is of a file or folder: consoles, pipes and events are no disk.
static bool is_on_disk(int file) {
    struct stat status;
    if (!disk.armed || file <= 2) return false;
    int saved = errno;
    bool found = fstat(file, &status) == 0 && (S_ISREG(status.st_mode) || S_ISDIR(status.st_mode));
    errno = saved;
    return found;
}

/// How many of `count` bytes are written; `*failed` tells whether the call must fail afterwards.
static size_t accepted(int file, size_t count, bool *failed) {
    *failed = false;
    if (!is_on_disk(file)) return count;
    bool had_stopped = disk.count > disk.failing;
    if (fails()) {
        *failed = true;
        // What comes after the end of the process writes nothing.
        return had_stopped ? 0 : count / 2;
    }
    return disk.mode == FAULTY_DISK_WRITES_SHORT && count > 1 ? count / 2 : count;
}

ssize_t write(int file, const void *bytes, size_t count) {
    bool failed;
    ssize_t written = syscall(SYS_write, file, bytes, accepted(file, count, &failed));
    if (!failed) return written;
    errno = disk.code;
    return -1;
}

ssize_t pwrite(int file, const void *bytes, size_t count, off_t place) {
    bool failed;
    ssize_t written = syscall(SYS_pwrite64, file, bytes, accepted(file, count, &failed), place);
    if (!failed) return written;
    errno = disk.code;
    return -1;
}

ssize_t pwrite64(int file, const void *bytes, size_t count, off64_t place) {
    return pwrite(file, bytes, count, place);
}

ssize_t writev(int file, const struct iovec *parts, int count) {
    if (is_on_disk(file) && fails()) return -1;
    return syscall(SYS_writev, file, parts, count);
}

static int open_file(int folder, const char *path, int flags, mode_t mode) {
    if ((flags & (O_CREAT | O_TRUNC)) && fails()) return -1;
    return (int)syscall(SYS_openat, folder, path, flags, mode);
}

/// The third argument of open, if there is one.
#define MODE_AFTER(flags)                                      \
    mode_t mode = 0;                                           \
    if ((flags) & (O_CREAT | O_TMPFILE)) {                     \
        va_list arguments;                                     \
        va_start(arguments, flags);                            \
        mode = va_arg(arguments, mode_t);                      \
        va_end(arguments);                                     \
    }

int open(const char *path, int flags, ...) {
    MODE_AFTER(flags)
    return open_file(AT_FDCWD, path, flags, mode);
}

int open64(const char *path, int flags, ...) {
    MODE_AFTER(flags)
    return open_file(AT_FDCWD, path, flags, mode);
}

int openat(int folder, const char *path, int flags, ...) {
    MODE_AFTER(flags)
    return open_file(folder, path, flags, mode);
}

int openat64(int folder, const char *path, int flags, ...) {
    MODE_AFTER(flags)
    return open_file(folder, path, flags, mode);
}

int fsync(int file) {
    return is_on_disk(file) && fails() ? -1 : (int)syscall(SYS_fsync, file);
}

int fdatasync(int file) {
    return is_on_disk(file) && fails() ? -1 : (int)syscall(SYS_fdatasync, file);
}

int ftruncate(int file, off_t length) {
    return is_on_disk(file) && fails() ? -1 : (int)syscall(SYS_ftruncate, file, length);
}

int ftruncate64(int file, off64_t length) {
    return ftruncate(file, length);
}

int renameat2(int from, const char *source, int to, const char *target, unsigned flags) {
    return fails() ? -1 : (int)syscall(SYS_renameat2, from, source, to, target, flags);
}

int renameat(int from, const char *source, int to, const char *target) {
    return renameat2(from, source, to, target, 0);
}

int rename(const char *source, const char *target) {
    return renameat2(AT_FDCWD, source, AT_FDCWD, target, 0);
}

int linkat(int from, const char *source, int to, const char *target, int flags) {
    return fails() ? -1 : (int)syscall(SYS_linkat, from, source, to, target, flags);
}

int link(const char *source, const char *target) {
    return linkat(AT_FDCWD, source, AT_FDCWD, target, 0);
}

int unlinkat(int folder, const char *path, int flags) {
    return fails() ? -1 : (int)syscall(SYS_unlinkat, folder, path, flags);
}

int unlink(const char *path) {
    return unlinkat(AT_FDCWD, path, 0);
}

int rmdir(const char *path) {
    return unlinkat(AT_FDCWD, path, AT_REMOVEDIR);
}

int mkdirat(int folder, const char *path, mode_t mode) {
    return fails() ? -1 : (int)syscall(SYS_mkdirat, folder, path, mode);
}

int mkdir(const char *path, mode_t mode) {
    return mkdirat(AT_FDCWD, path, mode);
}
