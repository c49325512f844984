#define _GNU_SOURCE
#include "allocations.h"

#include <errno.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *memory, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);

static _Thread_local struct {
    size_t size;
    long count;
} counted;

void allocations_start(size_t size) {
    counted.size = size;
    counted.count = 0;
}

long allocations_stop(void) {
    counted.size = 0;
    return counted.count;
}

static void note(size_t size) {
    if (counted.size > 0 && size >= counted.size) counted.count++;
}

void *malloc(size_t size) {
    note(size);
    return __libc_malloc(size);
}

void *calloc(size_t count, size_t size) {
    note(count * size);
    return __libc_calloc(count, size);
}

void *realloc(void *memory, size_t size) {
    note(size);
    return __libc_realloc(memory, size);
}

void *aligned_alloc(size_t alignment, size_t size) {
    note(size);
    return __libc_memalign(alignment, size);
}

int posix_memalign(void **memory, size_t alignment, size_t size) {
    note(size);
    *memory = __libc_memalign(alignment, size);
    return *memory != NULL ? 0 : ENOMEM;
}

void *mmap(void *start, size_t size, int protection, int flags, int file, off_t offset) {
    note(size);
    return (void *)syscall(SYS_mmap, start, size, protection, flags, file, offset);
}
