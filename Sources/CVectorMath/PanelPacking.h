#ifndef PANELPACKING_H
#define PANELPACKING_H

// Factors of a matrix product, cut into parts of the inner dimension and packed into panels of 16.
// For AVX-512 alone.

#include "CVectorMath.h"

#include <immintrin.h>

#define WIDE __attribute__((target("avx512f,avx512vl,avx512bw,avx512dq,avx2,fma")))
#define WIDE_INLINE static inline __attribute__((always_inline)) WIDE

enum {
    /// Floats of a register, and rows or columns of a panel: panel[k·LANES + i] = factor(i, k).
    LANES = 16,
    /// Inner elements of a part, at most: three panels stay in a first-level cache of 48 KB.
    DEPTH = 192,
};

/// What is packed, or prefetched, at a time: `count` rows or columns of a part.
struct piece {
    const struct vector_math_factor *factor;
    size_t first, count;
    size_t start, depth;
};

static size_t least(size_t a, size_t b) { return a < b ? a : b; }

static size_t panels(size_t count) { return (count + LANES - 1) / LANES; }

/// The distance of two panels of a part: a line more than they fill, so that their rows lie in
/// different sets of a cache.
static size_t panel_length(size_t depth) { return (panels(depth) * LANES + 1) * LANES; }

WIDE_INLINE __mmask16 lanes(size_t count) {
    return count >= LANES ? (__mmask16)0xffff : (__mmask16)((1u << count) - 1u);
}

/// Sixteen columns of sixteen rows become rows.
WIDE_INLINE void transpose_square(__m512 r[LANES]) {
    __m512 t[LANES];
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

/// Packs rows whose inner elements lie side by side.
WIDE static void pack_rows(const struct piece *piece, float *packed) {
    const size_t stride = piece->factor->stride, length = panel_length(piece->depth);
    const float *rows = piece->factor->elements + piece->first * stride + piece->start;
    for (size_t panel = 0; panel < panels(piece->count); panel++)
        for (size_t k = 0; k < piece->depth; k += LANES) {
            const __mmask16 columns = lanes(piece->depth - k);
            float *target = packed + panel * length + k * LANES;
            __m512 square[LANES];
            for (size_t i = 0; i < LANES; i++) {
                const size_t row = panel * LANES + i;
                square[i] = row < piece->count
                                ? _mm512_maskz_loadu_ps(columns, rows + row * stride + k)
                                : _mm512_setzero_ps();
            }
            transpose_square(square);
            for (size_t i = 0; i < LANES; i++) _mm512_store_ps(target + i * LANES, square[i]);
        }
}

/// Packs columns whose inner elements lie a stride apart.
WIDE static void pack_columns(const struct piece *piece, float *packed) {
    const size_t stride = piece->factor->stride, length = panel_length(piece->depth);
    const float *columns = piece->factor->elements + piece->start * stride + piece->first;
    for (size_t k = 0; k < piece->depth; k++)
        for (size_t panel = 0; panel < panels(piece->count); panel++) {
            const size_t column = panel * LANES;
            _mm512_store_ps(
                packed + panel * length + k * LANES,
                _mm512_maskz_loadu_ps(
                    lanes(piece->count - column), columns + k * stride + column));
        }
}

static void pack(const struct piece *piece, float *packed) {
    if (piece->factor->inner_major) pack_columns(piece, packed);
    else pack_rows(piece, packed);
}

/// Asks memory for one of `steps` shares of a piece.
WIDE static void prefetch(const struct piece *piece, size_t step, size_t steps) {
    const struct vector_math_factor *factor = piece->factor;
    const size_t rows = factor->inner_major ? piece->depth : piece->count;
    const size_t lines = panels(factor->inner_major ? piece->count : piece->depth);
    const float *corner =
        factor->elements + (factor->inner_major ? piece->start * factor->stride + piece->first
                                                : piece->first * factor->stride + piece->start);
    for (size_t row = rows * step / steps; row < rows * (step + 1) / steps; row++)
        for (size_t line = 0; line < lines; line++)
            _mm_prefetch(corner + row * factor->stride + line * LANES, _MM_HINT_T1);
}

static size_t part_count(size_t inner) { return (inner + DEPTH - 1) / DEPTH; }

/// Where a part of the inner dimension starts: parts of about the same depth, whole registers.
static size_t part_start(size_t inner, size_t part) {
    return least(panels(inner) * part / part_count(inner) * LANES, inner);
}

/// Rows or columns `first` to `end` of a factor in one part.
static struct piece piece_of(
    const struct vector_math_factor *factor, size_t first, size_t end, size_t inner, size_t part) {
    const size_t start = part_start(inner, part);
    return (struct piece){
        .factor = factor,
        .first = first,
        .count = end - first,
        .start = start,
        .depth = part_start(inner, part + 1) - start,
    };
}

#endif
