#ifndef PANELVECTOR_H
#define PANELVECTOR_H

// The few vector operations that products by panels need: for AVX-512 if LANES is 16, for AVX2 with
// FMA if it is 8, otherwise for every processor. What is included after this compiles for those.

#include <stddef.h>

#if LANES == 16 || LANES == 8
#include <immintrin.h>
#endif

#if LANES == 16
#pragma clang attribute push( \
    __attribute__((target("avx512f,avx512vl,avx512bw,avx512dq,avx2,fma"))), apply_to = function)
#elif LANES == 8
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#endif

#define INLINE static inline __attribute__((always_inline))

typedef float vector __attribute__((ext_vector_type(LANES)));
/// A vector wherever it lies.
typedef float loose_vector __attribute__((ext_vector_type(LANES), aligned(4)));

INLINE vector load(const float *source) { return *(const vector *)source; }
INLINE void store(float *target, vector values) { *(vector *)target = values; }

#if LANES == 16

typedef __mmask16 mask;

/// The first `count` lanes, or all.
INLINE mask first_lanes(size_t count) {
    return count >= LANES ? (mask)0xffff : (mask)((1u << count) - 1u);
}

/// Zeros in the other lanes, whose memory is not read.
INLINE vector load_masked(const float *source, mask wanted) {
    return _mm512_maskz_loadu_ps(wanted, source);
}

INLINE void store_masked(float *target, vector values, mask wanted) {
    _mm512_mask_storeu_ps(target, wanted, values);
}

INLINE vector multiply_add(vector x, vector y, vector sum) { return _mm512_fmadd_ps(x, y, sum); }

/// Sixteen columns of sixteen rows become rows.
INLINE void transpose_square(vector r[LANES]) {
    vector t[LANES];
    for (size_t i = 0; i < 8; i++) {
        t[2 * i] = _mm512_unpacklo_ps(r[2 * i], r[2 * i + 1]);
        t[2 * i + 1] = _mm512_unpackhi_ps(r[2 * i], r[2 * i + 1]);
    }
    for (size_t i = 0; i < 16; i += 4)
        for (size_t j = 0; j < 2; j++) {
            const __m512d first = _mm512_castps_pd(t[i + j]);
            const __m512d second = _mm512_castps_pd(t[i + j + 2]);
            r[i + 2 * j] = _mm512_castpd_ps(_mm512_unpacklo_pd(first, second));
            r[i + 2 * j + 1] = _mm512_castpd_ps(_mm512_unpackhi_pd(first, second));
        }
    for (size_t j = 0; j < 4; j++)
        for (size_t i = 0; i < 16; i += 8) {
            t[i + j] = _mm512_shuffle_f32x4(r[i + j], r[i + j + 4], 0x88);
            t[i + j + 4] = _mm512_shuffle_f32x4(r[i + j], r[i + j + 4], 0xdd);
        }
    for (size_t j = 0; j < 8; j++) {
        r[j] = _mm512_shuffle_f32x4(t[j], t[j + 8], 0x88);
        r[j + 8] = _mm512_shuffle_f32x4(t[j], t[j + 8], 0xdd);
    }
}

#elif LANES == 8

/// How many lanes, from the first on.
typedef size_t mask;

INLINE mask first_lanes(size_t count) { return count >= LANES ? LANES : count; }

INLINE __m256i mask_bits(mask wanted) {
    static const int bits[2 * LANES] = {-1, -1, -1, -1, -1, -1, -1, -1};
    return _mm256_loadu_si256((const __m256i *)(bits + LANES - wanted));
}

/// Zeros in the other lanes, whose memory is not read.
INLINE vector load_masked(const float *source, mask wanted) {
    if (wanted == LANES) return *(const loose_vector *)source;
    return _mm256_maskload_ps(source, mask_bits(wanted));
}

/// Masked stores are slow on AMD's processors.
INLINE void store_masked(float *target, vector values, mask wanted) {
    if (wanted == LANES) *(loose_vector *)target = values;
    else _mm256_maskstore_ps(target, mask_bits(wanted), values);
}

INLINE vector multiply_add(vector x, vector y, vector sum) { return _mm256_fmadd_ps(x, y, sum); }

/// Eight columns of eight rows become rows.
INLINE void transpose_square(vector r[LANES]) {
    vector t[LANES];
    for (size_t i = 0; i < 8; i += 2) {
        t[i] = _mm256_unpacklo_ps(r[i], r[i + 1]);
        t[i + 1] = _mm256_unpackhi_ps(r[i], r[i + 1]);
    }
    for (size_t i = 0; i < 8; i += 4)
        for (size_t j = 0; j < 2; j++) {
            r[i + 2 * j] = _mm256_shuffle_ps(t[i + j], t[i + j + 2], 0x44);
            r[i + 2 * j + 1] = _mm256_shuffle_ps(t[i + j], t[i + j + 2], 0xee);
        }
    for (size_t j = 0; j < 4; j++) {
        t[j] = _mm256_permute2f128_ps(r[j], r[j + 4], 0x20);
        t[j + 4] = _mm256_permute2f128_ps(r[j], r[j + 4], 0x31);
    }
    for (size_t j = 0; j < 8; j++) r[j] = t[j];
}

#else

/// How many lanes, from the first on.
typedef size_t mask;

INLINE mask first_lanes(size_t count) { return count >= LANES ? LANES : count; }

/// Zeros in the other lanes, whose memory is not read.
INLINE vector load_masked(const float *source, mask wanted) {
    if (wanted == LANES) return *(const loose_vector *)source;
    vector values = {0};
    for (size_t i = 0; i < wanted; i++) values[i] = source[i];
    return values;
}

INLINE void store_masked(float *target, vector values, mask wanted) {
    if (wanted == LANES) *(loose_vector *)target = values;
    else
        for (size_t i = 0; i < wanted; i++) target[i] = values[i];
}

/// Rounded once or twice, as the processor does it best: everywhere the same.
INLINE vector multiply_add(vector x, vector y, vector sum) { return x * y + sum; }

/// The columns of a square become rows.
INLINE void transpose_square(vector r[LANES]) {
    vector t[LANES];
    for (size_t i = 0; i < LANES; i++) t[i] = r[i];
    for (size_t i = 0; i < LANES; i++)
        for (size_t j = 0; j < LANES; j++) r[i][j] = t[j][i];
}

#endif
#endif
