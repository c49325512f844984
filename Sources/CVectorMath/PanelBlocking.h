#ifndef PANELBLOCKING_H
#define PANELBLOCKING_H

// The products by panels of one instruction set. A file that includes this has said how wide a vector
// is (LANES), how many rows a tile of the product has (ROWS, a divisor of LANES), and how many rows of
// a, of one part each, a second-level cache holds beside the rest (CACHED).

#include "PanelKernel.h"
#include "PanelPacking.h"

// Where registers are few, a compiler that loads elements of a ahead of time has to spill sums.
#if LANES == 16
#define ONE_ROW_AT_A_TIME
#else
#define ONE_ROW_AT_A_TIME __asm__ volatile("" ::: "memory")
#endif

enum {
    /// Panels of b in a tile, at most.
    GROUP = 3,
    /// Rows of a block, at most; all rows of a Gram matrix are one block.
    BLOCK = 512,
    /// Panels of a, of one part each, that are packed at a time.
    PACKED = CACHED / LANES,
};

/// A tile of the product, [rows ≤ ROWS, columns ≤ GROUP · LANES], or [LANES, LANES].
struct tile {
    const float *a;
    const float *b;
    size_t b_length;
    size_t depth;
    float *product;
    size_t stride;
    size_t rows;
    size_t columns;
    float scale;
    int adds;
    /// What is added to each row, or NULL.
    const float *bias;
};

/// Both counts are constants wherever this is inlined, so that the sums live in registers: `height`
/// rows are computed, whether there are that many or not, and `count` panels have the columns.
INLINE void multiply_panels(const struct tile *tile, const size_t height, const size_t count) {
    vector sums[LANES][GROUP];
#pragma clang loop unroll(full)
    for (size_t i = 0; i < height; i++)
        for (size_t panel = 0; panel < count; panel++) {
            sums[i][panel] = (vector)0.0f;
            if (i < tile->rows)
                __builtin_prefetch(tile->product + i * tile->stride + panel * LANES);
        }
    const float *a = tile->a, *b = tile->b;
#pragma clang loop unroll_count(2)
    for (size_t k = 0; k < tile->depth; k++, a += LANES, b += LANES) {
        vector columns[GROUP];
        for (size_t panel = 0; panel < count; panel++)
            columns[panel] = load(b + panel * tile->b_length);
#pragma clang loop unroll(full)
        for (size_t i = 0; i < height; i++) {
            const vector x = (vector)a[i];
            for (size_t panel = 0; panel < count; panel++)
                sums[i][panel] = multiply_add(x, columns[panel], sums[i][panel]);
            ONE_ROW_AT_A_TIME;
        }
    }
    const mask every = first_lanes(LANES);
    const mask last = first_lanes(tile->columns - (count - 1) * LANES);
#pragma clang loop unroll(full)
    for (size_t i = 0; i < height; i++) {
        if (i == tile->rows) break;
        for (size_t panel = 0; panel < count; panel++) {
            float *target = tile->product + i * tile->stride + panel * LANES;
            const mask wanted = panel + 1 < count ? every : last;
            vector value = sums[i][panel] * tile->scale;
            if (tile->bias) value += load_masked(tile->bias + panel * LANES, wanted);
            if (tile->adds) value += load_masked(target, wanted);
            store_masked(target, value, wanted);
        }
    }
}

static void multiply_tile(const struct tile *tile) {
    switch (panels(tile->columns)) {
    case 1: multiply_panels(tile, ROWS, 1); break;
    case 2: multiply_panels(tile, ROWS, 2); break;
    case 3: multiply_panels(tile, ROWS, 3); break;
    }
}

/// A tile as high as a panel, for which one panel of b has enough sums to hide their latency.
static void multiply_narrow_tile(const struct tile *tile) { multiply_panels(tile, LANES, 1); }

/// The columns of one group in one part; none beyond the last group.
static struct piece piece_of_group(
    const struct vector_math_panel_product *p, size_t group, size_t part) {
    const size_t count = panels(p->columns), groups = (count + GROUP - 1) / GROUP;
    const size_t first = least(count * group / groups * LANES, p->columns);
    const size_t end = least(count * (group + 1) / groups * LANES, p->columns);
    return piece_of(&p->b, first, end, p->inner, part);
}

/// The rows of a block, from `row` on, that are packed together.
static struct piece lines_of(const struct piece *rows, size_t row) {
    struct piece piece = *rows;
    piece.first += least(row, rows->count);
    piece.count = least(LINE, rows->count - least(row, rows->count));
    return piece;
}

/// What goes into the tiles of one piece of b.
struct strip {
    /// The rows of the block; with `packs`, they are packed on the way.
    struct piece rows;
    float *a;
    int packs;
    struct piece columns;
    const float *b;
    /// What is packed after it.
    struct piece next;
};

/// Packs the rows of a whole line before their first tile, and asks for the next ones meanwhile.
INLINE void pack_line(const struct strip *strip, size_t row, size_t height) {
    const size_t place = row % LINE, start = row - place;
    if (place == 0) {
        const struct piece line = lines_of(&strip->rows, start);
        pack(&line, strip->a + start / LANES * panel_length(line.depth));
    }
    const struct piece following = lines_of(&strip->rows, start + LINE);
    prefetch(&following, place / height, LINE / height);
}

static void multiply_strip(
    const struct vector_math_panel_product *p, const struct strip *strip) {
    const struct piece *rows = &strip->rows, *columns = &strip->columns;
    const size_t length = panel_length(columns->depth);
    const int is_narrow = columns->count <= LANES;
    const size_t height = is_narrow ? LANES : ROWS;
    const size_t tiles = (rows->count + height - 1) / height;
    for (size_t row = 0; row < rows->count; row += height) {
        if (strip->packs) pack_line(strip, row, height);
        prefetch(&strip->next, row / height, tiles);
        const size_t top = rows->first + row, count = least(height, rows->count - row);
        // Column j is wanted in rows from j − reach on.
        if (columns->first > top + count - 1 + p->reach) continue;
        const struct tile tile = {
            .a = strip->a + row / LANES * length + row % LANES,
            .b = strip->b,
            .b_length = length,
            .depth = columns->depth,
            .product = p->product + top * p->product_stride + columns->first,
            .stride = p->product_stride,
            .rows = count,
            .columns = least(columns->count, top + count + p->reach - columns->first),
            .scale = p->scale,
            .adds = p->adds || columns->start > 0,
            .bias = p->bias && columns->start == 0 ? p->bias + columns->first : NULL,
        };
        is_narrow ? multiply_narrow_tile(&tile) : multiply_tile(&tile);
    }
}

/// Rows `first_row` to `end_row`, in the parts `first_part` to `end_part`.
struct block {
    size_t first_row, end_row;
    size_t first_part, end_part;
};

static void multiply_block(
    const struct vector_math_panel_product *p, const struct block *block, float *scratch) {
    float *group_panels = scratch, *packed = scratch + GROUP * panel_length(DEPTH);
    const size_t part_length = panels(block->end_row - block->first_row) * panel_length(DEPTH);
    for (size_t group = 0;; group++)
        for (size_t part = block->first_part; part < block->end_part; part++) {
            const int is_last = part + 1 == block->end_part;
            struct strip strip = {
                .rows = piece_of(&p->a, block->first_row, block->end_row, p->inner, part),
                .a = packed + (part - block->first_part) * part_length,
                .packs = group == 0,
                .columns = piece_of_group(p, group, part),
                .b = group_panels,
                .next = piece_of_group(
                    p, is_last ? group + 1 : group, is_last ? block->first_part : part + 1),
            };
            const struct piece *columns = &strip.columns;
            if (columns->count == 0 || columns->first > block->end_row - 1 + p->reach) return;
            pack(columns, group_panels);
            multiply_strip(p, &strip);
        }
}

static void multiply_all(const struct vector_math_panel_product *p, float *scratch) {
    const size_t parts = part_count(p->inner), height = lines(p->rows);
    const size_t blocks = (p->rows + BLOCK - 1) / BLOCK;
    // The tallest block decides how many parts are packed at a time.
    const size_t tallest = (height + blocks - 1) / blocks * (LINE / LANES);
    const size_t step = PACKED / tallest;
    for (size_t part = 0; part < parts; part += step)
        for (size_t index = 0; index < blocks; index++) {
            const struct block block = {
                .first_row = height * index / blocks * LINE,
                .end_row = least(height * (index + 1) / blocks * LINE, p->rows),
                .first_part = part,
                .end_part = least(part + step, parts),
            };
            multiply_block(p, &block, scratch);
        }
}

#define PANEL_KERNEL \
    { multiply_all, (GROUP + PACKED) * (DEPTH + 1) * LANES }

#endif
