#include "CVectorMath.h"

#include <string.h>

#if defined(__x86_64__) && defined(__linux__)

// Written for AVX-512 alone; elsewhere the caller has BLAS.
#include "PanelPacking.h"

enum {
    /// Rows of a tile of the product; half a panel of a.
    ROWS = 8,
    /// Panels of b in a tile, at most: 24 of the 32 registers hold sums.
    GROUP = 3,
    /// Rows of a block, at most; all rows of a Gram matrix are one block.
    BLOCK = 512,
    /// Panels of a, of one part each, that are packed at a time: 0.8 MB of a second-level cache.
    PACKED = 64,
};

/// A tile of the product, [rows ≤ ROWS, columns ≤ GROUP · LANES].
struct tile {
    const float *a;
    const float *b;
    size_t b_length;
    size_t depth;
    float *product;
    size_t stride;
    size_t rows;
    size_t columns;
    int adds;
    /// What is added to each row, or NULL.
    const float *bias;
};

/// `count` is the number of panels that the columns take, a constant wherever this is inlined.
WIDE_INLINE void multiply_panels(const struct tile *tile, const size_t count) {
    __m512 sums[ROWS][GROUP];
#pragma clang loop unroll(full)
    for (size_t i = 0; i < ROWS; i++)
        for (size_t panel = 0; panel < count; panel++) {
            sums[i][panel] = _mm512_setzero_ps();
            if (i < tile->rows)
                _mm_prefetch(tile->product + i * tile->stride + panel * LANES, _MM_HINT_T0);
        }
    const float *a = tile->a, *b = tile->b;
#pragma clang loop unroll_count(2)
    for (size_t k = 0; k < tile->depth; k++, a += LANES, b += LANES) {
        __m512 columns[GROUP];
        for (size_t panel = 0; panel < count; panel++)
            columns[panel] = _mm512_load_ps(b + panel * tile->b_length);
#pragma clang loop unroll(full)
        for (size_t i = 0; i < ROWS; i++) {
            const __m512 x = _mm512_set1_ps(a[i]);
            for (size_t panel = 0; panel < count; panel++)
                sums[i][panel] = _mm512_fmadd_ps(x, columns[panel], sums[i][panel]);
        }
    }
    const __mmask16 last = lanes(tile->columns - (count - 1) * LANES);
#pragma clang loop unroll(full)
    for (size_t i = 0; i < ROWS; i++) {
        if (i == tile->rows) break;
        for (size_t panel = 0; panel < count; panel++) {
            float *target = tile->product + i * tile->stride + panel * LANES;
            const __mmask16 wanted = panel + 1 < count ? (__mmask16)0xffff : last;
            __m512 value = sums[i][panel];
            if (tile->bias) {
                const float *bias = tile->bias + panel * LANES;
                value = _mm512_add_ps(value, _mm512_maskz_loadu_ps(wanted, bias));
            }
            if (tile->adds) value = _mm512_add_ps(value, _mm512_maskz_loadu_ps(wanted, target));
            _mm512_mask_storeu_ps(target, wanted, value);
        }
    }
}

WIDE static void multiply_tile(const struct tile *tile) {
    switch (panels(tile->columns)) {
    case 1: multiply_panels(tile, 1); break;
    case 2: multiply_panels(tile, 2); break;
    case 3: multiply_panels(tile, 3); break;
    }
}

/// The columns of one group in one part; none beyond the last group.
static struct piece piece_of_group(
    const struct vector_math_panel_product *p, size_t group, size_t part) {
    const size_t count = panels(p->columns), groups = (count + GROUP - 1) / GROUP;
    const size_t first = least(count * group / groups * LANES, p->columns);
    const size_t end = least(count * (group + 1) / groups * LANES, p->columns);
    return piece_of(&p->b, first, end, p->inner, part);
}

/// The rows of a block that lie in one panel of a.
static struct piece panel_of(const struct piece *rows, size_t row) {
    struct piece panel = *rows;
    panel.first += least(row, rows->count);
    panel.count = least(LANES, rows->count - least(row, rows->count));
    return panel;
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

WIDE static void multiply_strip(
    const struct vector_math_panel_product *p, const struct strip *strip) {
    const struct piece *rows = &strip->rows, *columns = &strip->columns;
    const size_t length = panel_length(columns->depth);
    for (size_t row = 0; row < rows->count; row += ROWS) {
        float *a = strip->a + row / LANES * length;
        if (strip->packs) {
            const struct piece panel = panel_of(rows, row / LANES * LANES);
            if (row % LANES == 0) pack(&panel, a);
            const struct piece following = panel_of(rows, row / LANES * LANES + LANES);
            prefetch(&following, row / ROWS % 2, 2);
        }
        prefetch(&strip->next, row / ROWS, (rows->count + ROWS - 1) / ROWS);
        const size_t top = rows->first + row, height = least(ROWS, rows->count - row);
        // Column j is wanted in rows from j − reach on.
        if (columns->first > top + height - 1 + p->reach) continue;
        const struct tile tile = {
            .a = a + row % LANES,
            .b = strip->b,
            .b_length = length,
            .depth = columns->depth,
            .product = p->product + top * p->product_stride + columns->first,
            .stride = p->product_stride,
            .rows = height,
            .columns = least(columns->count, top + height + p->reach - columns->first),
            .adds = p->adds || columns->start > 0,
            .bias = p->bias && columns->start == 0 ? p->bias + columns->first : NULL,
        };
        multiply_tile(&tile);
    }
}

/// Rows `first_row` to `end_row`, in the parts `first_part` to `end_part`.
struct block {
    size_t first_row, end_row;
    size_t first_part, end_part;
    /// Whether its panels are those of b, too: all rows, one part.
    int is_gram;
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
            if (block->is_gram) {
                strip.b = packed + columns->first / LANES * panel_length(columns->depth);
                strip.next.count = 0;
            } else {
                pack(columns, group_panels);
            }
            multiply_strip(p, &strip);
        }
}

int vector_math_has_panel_product(void) {
    return strcmp(vector_math_instruction_set(), "x86-64-v4") == 0;
}

size_t vector_math_panel_product_scratch(void) { return (GROUP + PACKED) * panel_length(DEPTH); }

static int is_gram(const struct vector_math_panel_product *p) {
    return p->a.elements == p->b.elements && p->a.stride == p->b.stride && p->rows == p->columns &&
           p->a.inner_major == p->b.inner_major && p->reach == 0 &&
           panels(p->rows) <= PACKED;
}

void vector_math_panel_product(const struct vector_math_panel_product *p, float *scratch) {
    const int gram = is_gram(p);
    const size_t parts = part_count(p->inner), height = panels(p->rows);
    const size_t blocks = gram ? 1 : (p->rows + BLOCK - 1) / BLOCK;
    // The tallest block decides how many parts are packed at a time.
    const size_t step = gram ? 1 : PACKED / ((height + blocks - 1) / blocks);
    for (size_t part = 0; part < parts; part += step)
        for (size_t index = 0; index < blocks; index++) {
            const struct block block = {
                .first_row = height * index / blocks * LANES,
                .end_row = least(height * (index + 1) / blocks * LANES, p->rows),
                .first_part = part,
                .end_part = least(part + step, parts),
                .is_gram = gram,
            };
            multiply_block(p, &block, scratch);
        }
}

#else

int vector_math_has_panel_product(void) { return 0; }

size_t vector_math_panel_product_scratch(void) { return 0; }

void vector_math_panel_product(const struct vector_math_panel_product *p, float *scratch) {
    (void)p;
    (void)scratch;
}

#endif
