#include "CVectorMath.h"

#include <string.h>

#if defined(__x86_64__) && defined(__linux__)

#include <immintrin.h>

// Written for AVX-512 alone; elsewhere the caller has BLAS.
#define WIDE __attribute__((target("avx512f,avx512vl,avx512bw,avx512dq,avx2,fma")))
#define WIDE_INLINE static inline __attribute__((always_inline)) WIDE

enum {
    /// Columns of a tile of the product: two registers.
    PANEL = 32,
    /// Rows of a tile, at most: 28 of the 32 registers hold sums.
    ROWS = 14,
    /// Columns of a and b that are multiplied before the next ones are packed.
    DEPTH = 256,
    /// Distance of packed rows of a; not a power of two, so that they lie in different cache sets.
    ROW_STRIDE = DEPTH + 16,
    /// Rows of a that are packed at a time: half of a second-level cache.
    BLOCK_ROWS = 36 * ROWS,
};

WIDE_INLINE __mmask16 lanes(size_t count) {
    return count >= 16 ? (__mmask16)0xffff : (__mmask16)((1u << count) - 1u);
}

/// Sixteen columns of sixteen rows become rows.
WIDE_INLINE void transpose_square(__m512 r[16]) {
    __m512 t[16];
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

/// panel[k·PANEL + j] = rows[j·stride + k] for j < count ≤ PANEL, and 0 for the other j.
WIDE static void pack_panel(
    const float *rows, size_t stride, size_t count, size_t depth, float *panel) {
    for (size_t j = 0; j < PANEL; j += 16)
        for (size_t k = 0; k < depth; k += 16) {
            const __mmask16 columns = lanes(depth - k);
            __m512 square[16];
            for (size_t i = 0; i < 16; i++)
                square[i] = j + i < count
                                ? _mm512_maskz_loadu_ps(columns, rows + (j + i) * stride + k)
                                : _mm512_setzero_ps();
            transpose_square(square);
            // The panel's last rows may be written beyond `depth`; there is room to DEPTH.
            for (size_t i = 0; i < 16; i++) _mm512_storeu_ps(panel + (k + i) * PANEL + j, square[i]);
        }
}

WIDE static void pack_rows(
    const float *rows, size_t stride, size_t count, size_t depth, float *packed) {
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < depth; k += 16)
            _mm512_storeu_ps(
                packed + i * ROW_STRIDE + k,
                _mm512_maskz_loadu_ps(lanes(depth - k), rows + i * stride + k));
}

/// A tile of the product: `rows` is a constant wherever this is inlined.
WIDE_INLINE void multiply_tile(
    const float *a, const float *panel, size_t depth, float *product, size_t stride,
    size_t columns, int adds, const size_t rows) {
    __m512 left[ROWS], right[ROWS];
    for (size_t i = 0; i < rows; i++) left[i] = right[i] = _mm512_setzero_ps();
    for (size_t k = 0; k < depth; k++) {
        const __m512 first = _mm512_loadu_ps(panel + k * PANEL);
        const __m512 second = _mm512_loadu_ps(panel + k * PANEL + 16);
#pragma clang loop unroll(full)
        for (size_t i = 0; i < rows; i++) {
            const __m512 x = _mm512_set1_ps(a[i * ROW_STRIDE + k]);
            left[i] = _mm512_fmadd_ps(x, first, left[i]);
            right[i] = _mm512_fmadd_ps(x, second, right[i]);
        }
    }
    const __mmask16 first = lanes(columns), second = columns > 16 ? lanes(columns - 16) : 0;
#pragma clang loop unroll(full)
    for (size_t i = 0; i < rows; i++) {
        float *target = product + i * stride;
        if (adds) {
            left[i] = _mm512_add_ps(left[i], _mm512_maskz_loadu_ps(first, target));
            right[i] = _mm512_add_ps(right[i], _mm512_maskz_loadu_ps(second, target + 16));
        }
        _mm512_mask_storeu_ps(target, first, left[i]);
        _mm512_mask_storeu_ps(target + 16, second, right[i]);
    }
}

WIDE static void multiply_rows(
    size_t rows, const float *a, const float *panel, size_t depth, float *product, size_t stride,
    size_t columns, int adds) {
#define ROWS_CASE(count) \
    case count: multiply_tile(a, panel, depth, product, stride, columns, adds, count); break;
    switch (rows) {
        ROWS_CASE(1)
        ROWS_CASE(2)
        ROWS_CASE(3)
        ROWS_CASE(4)
        ROWS_CASE(5)
        ROWS_CASE(6)
        ROWS_CASE(7)
        ROWS_CASE(8)
        ROWS_CASE(9)
        ROWS_CASE(10)
        ROWS_CASE(11)
        ROWS_CASE(12)
        ROWS_CASE(13)
        ROWS_CASE(14)
    }
#undef ROWS_CASE
}

size_t vector_math_short_product_scratch(size_t rows) {
    return (rows < BLOCK_ROWS ? rows : BLOCK_ROWS) * ROW_STRIDE + DEPTH * PANEL;
}

/// Asks memory for the part of some rows that is packed next.
WIDE_INLINE void prefetch_rows(const float *rows, size_t stride, size_t count, size_t depth) {
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < depth; k += 16)
            _mm_prefetch((const char *)(rows + i * stride + k), _MM_HINT_T1);
}

WIDE static void multiply_block(
    const struct vector_math_short_product *p, size_t first_row, size_t rows, size_t start,
    size_t depth, size_t next_depth, float *scratch) {
    float *panel = scratch, *packed = scratch + DEPTH * PANEL;
    const float *a = p->a + first_row * p->a_stride + start;
    pack_rows(a, p->a_stride, rows, depth, packed);
    const size_t tiles = (rows + ROWS - 1) / ROWS;
    for (size_t column = 0; column < p->columns; column += PANEL) {
        // Column j is wanted in rows from j − reach on.
        if (column > first_row + rows - 1 + p->reach) break;
        const size_t columns = p->columns - column < PANEL ? p->columns - column : PANEL;
        pack_panel(p->b + column * p->b_stride + start, p->b_stride, columns, depth, panel);
        for (size_t tile = 0; tile < tiles; tile++) {
            const size_t row = rows * tile / tiles, end = rows * (tile + 1) / tiles;
            if (column == 0)
                prefetch_rows(a + row * p->a_stride + depth, p->a_stride, end - row, next_depth);
            if (column > first_row + end - 1 + p->reach) continue;
            multiply_rows(
                end - row, packed + row * ROW_STRIDE, panel, depth,
                p->product + (first_row + row) * p->product_stride + column, p->product_stride,
                columns, start > 0);
        }
    }
}

int vector_math_has_short_product(void) {
    return strcmp(vector_math_instruction_set(), "x86-64-v4") == 0;
}

void vector_math_short_product(const struct vector_math_short_product *p, float *scratch) {
    const size_t parts = (p->inner + DEPTH - 1) / DEPTH;
    const size_t blocks = (p->rows + BLOCK_ROWS - 1) / BLOCK_ROWS;
    for (size_t part = 0; part < parts; part++) {
        const size_t start = p->inner * part / parts, end = p->inner * (part + 1) / parts;
        const size_t next = part + 1 < parts ? p->inner * (part + 2) / parts - end : 0;
        for (size_t block = 0; block < blocks; block++) {
            const size_t row = p->rows * block / blocks;
            const size_t count = p->rows * (block + 1) / blocks - row;
            multiply_block(p, row, count, start, end - start, next, scratch);
        }
    }
}

#else

size_t vector_math_short_product_scratch(size_t rows) { return 0 * rows; }

int vector_math_has_short_product(void) { return 0; }

void vector_math_short_product(const struct vector_math_short_product *p, float *scratch) {
    (void)p;
    (void)scratch;
}

#endif
