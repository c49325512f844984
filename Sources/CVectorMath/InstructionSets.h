#ifndef INSTRUCTIONSETS_H
#define INSTRUCTIONSETS_H

// Each public function is compiled for AVX-512, AVX2 with FMA, and the baseline.
#if defined(__x86_64__) && defined(__linux__)
#define MULTIVERSION \
    __attribute__((target_clones("default", "arch=x86-64-v3", "arch=x86-64-v4")))
#else
#define MULTIVERSION
#endif

// Lets the compiler split one sum into vector lanes: a fixed order, though not the source's.
#define VECTOR_SUMS _Pragma("clang fp reassociate(on)")

#define INLINE static inline __attribute__((always_inline))

#endif
