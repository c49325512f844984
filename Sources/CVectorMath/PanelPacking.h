#ifndef PANELPACKING_H
#define PANELPACKING_H

// Factors of a matrix product, cut into parts of the inner dimension and packed into panels as wide as
// a vector: panel[k·LANES + i] = factor(i, k).

#include "PanelVector.h"
#include "include/PanelProduct.h"

enum {
    /// Floats of a line of a cache: how many rows are packed at a time, and what a part is a multiple of.
    LINE = 16,
    /// Inner elements of a part, at most: three panels stay in a first-level cache, which has 48 KB
    /// where they are sixteen wide and 32 KB where they are eight wide.
    DEPTH = 192,
};

/// What is packed, or prefetched, at a time: `count` rows or columns of a part.
struct piece {
    const struct vector_math_factor *factor;
    size_t first, count;
    size_t start, depth;
};

INLINE size_t least(size_t a, size_t b) { return a < b ? a : b; }

INLINE size_t panels(size_t count) { return (count + LANES - 1) / LANES; }

INLINE size_t lines(size_t count) { return (count + LINE - 1) / LINE; }

/// The distance of two panels of a part: a row more than they fill, so that their rows lie in
/// different sets of a cache.
INLINE size_t panel_length(size_t depth) { return (lines(depth) * LINE + 1) * LANES; }

/// Packs rows whose inner elements lie side by side.
static void pack_rows(const struct piece *piece, float *packed) {
    const size_t stride = piece->factor->stride, length = panel_length(piece->depth);
    const float *rows = piece->factor->elements + piece->first * stride + piece->start;
    for (size_t panel = 0; panel < panels(piece->count); panel++)
        for (size_t k = 0; k < piece->depth; k += LANES) {
            const mask columns = first_lanes(piece->depth - k);
            float *target = packed + panel * length + k * LANES;
            vector square[LANES];
            for (size_t i = 0; i < LANES; i++) {
                const size_t row = panel * LANES + i;
                square[i] = row < piece->count ? load_masked(rows + row * stride + k, columns)
                                               : (vector)0.0f;
            }
            transpose_square(square);
            for (size_t i = 0; i < LANES; i++) store(target + i * LANES, square[i]);
        }
}

/// Packs columns whose inner elements lie a stride apart.
static void pack_columns(const struct piece *piece, float *packed) {
    const size_t stride = piece->factor->stride, length = panel_length(piece->depth);
    const float *columns = piece->factor->elements + piece->start * stride + piece->first;
    for (size_t k = 0; k < piece->depth; k++)
        for (size_t panel = 0; panel < panels(piece->count); panel++) {
            const size_t column = panel * LANES;
            store(
                packed + panel * length + k * LANES,
                load_masked(columns + k * stride + column, first_lanes(piece->count - column)));
        }
}

static void pack(const struct piece *piece, float *packed) {
    if (piece->factor->inner_major) pack_columns(piece, packed);
    else pack_rows(piece, packed);
}

/// Asks memory for one of `steps` shares of a piece.
static void prefetch(const struct piece *piece, size_t step, size_t steps) {
    const struct vector_math_factor *factor = piece->factor;
    const size_t rows = factor->inner_major ? piece->depth : piece->count;
    const size_t width = lines(factor->inner_major ? piece->count : piece->depth);
    const float *corner =
        factor->elements + (factor->inner_major ? piece->start * factor->stride + piece->first
                                                : piece->first * factor->stride + piece->start);
    for (size_t row = rows * step / steps; row < rows * (step + 1) / steps; row++)
        for (size_t line = 0; line < width; line++)
            __builtin_prefetch(corner + row * factor->stride + line * LINE, 0, 2);
}

INLINE size_t part_count(size_t inner) { return (inner + DEPTH - 1) / DEPTH; }

/// Where a part of the inner dimension starts: parts of about the same depth, whole lines.
INLINE size_t part_start(size_t inner, size_t part) {
    return least(lines(inner) * part / part_count(inner) * LINE, inner);
}

/// Rows or columns `first` to `end` of a factor in one part.
INLINE struct piece piece_of(
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
