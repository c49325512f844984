#include "CVectorMath.h"
#include "Exponential.h"

enum { PANEL = 32, LANES = 16 };

// Sixteen floats, wherever they lie; narrower processors take several registers for them.
typedef float lanes __attribute__((vector_size(64), aligned(4)));

struct tile {
    const float *input;
    size_t input_stride;
    const float *panel;
    size_t inner;
    const float *bias;
    int finish;
    float *output;
    size_t output_stride;
    /// Columns of the panel that exist, 1 to 32.
    size_t columns;
};

INLINE float gelu(float x) {
    const float twice_u = 1.5957691216057308f * (x + 0.044715f * x * x * x);
    return x / (1.0f + exponential(-twice_u));
}

INLINE void finish_row(const struct tile *tile, size_t row, float *values) {
    float *output = tile->output + row * tile->output_stride;
    const size_t columns = tile->columns;
    if (tile->bias)
        for (size_t i = 0; i < columns; i++) values[i] += tile->bias[i];
    switch (tile->finish) {
    case packed_multiply_add:
        for (size_t i = 0; i < columns; i++) output[i] += values[i];
        break;
    case packed_multiply_gelu:
        for (size_t i = 0; i < PANEL; i++) values[i] = gelu(values[i]);
        // fall through
    default:
        memcpy(output, values, columns * sizeof(float));
    }
}

// `rows` is a constant wherever this is inlined, so the sums live in registers.
INLINE void multiply_tile(const struct tile *tile, size_t first_row, const size_t rows) {
    lanes first[13], second[13];
    const float *input = tile->input + first_row * tile->input_stride;
    for (size_t row = 0; row < rows; row++) first[row] = second[row] = (lanes){0};
    for (size_t k = 0; k < tile->inner; k++) {
        const float *weights = tile->panel + k * PANEL;
        const lanes left = *(const lanes *)weights, right = *(const lanes *)(weights + LANES);
        __builtin_prefetch(weights + 64 * PANEL);
        __builtin_prefetch(weights + 64 * PANEL + LANES);
#pragma clang loop unroll(full)
        for (size_t row = 0; row < rows; row++) {
            const float x = input[row * tile->input_stride + k];
            first[row] += x * left;
            second[row] += x * right;
        }
    }
    for (size_t row = 0; row < rows; row++) {
        float values[PANEL];
        *(lanes *)values = first[row];
        *(lanes *)(values + LANES) = second[row];
        finish_row(tile, first_row + row, values);
    }
}

/// How many rows' sums fit into the vector registers.
static size_t rows_at_once(void) {
    static size_t rows;
    if (rows == 0) {
        const char *set = vector_math_instruction_set();
        rows = strcmp(set, "x86-64-v4") == 0 ? 13 : strcmp(set, "x86-64-v3") == 0 ? 3 : 1;
    }
    return rows;
}

MULTIVERSION
static void multiply_panel(const struct tile *tile, size_t rows, size_t most) {
    const size_t tiles = (rows + most - 1) / most;
    size_t row = 0;
    for (size_t index = 0; index < tiles; index++) {
        const size_t count = rows / tiles + (index < rows % tiles);
        switch (count) {
        case 1: multiply_tile(tile, row, 1); break;
        case 2: multiply_tile(tile, row, 2); break;
        case 3: multiply_tile(tile, row, 3); break;
        case 4: multiply_tile(tile, row, 4); break;
        case 5: multiply_tile(tile, row, 5); break;
        case 6: multiply_tile(tile, row, 6); break;
        case 7: multiply_tile(tile, row, 7); break;
        case 8: multiply_tile(tile, row, 8); break;
        case 9: multiply_tile(tile, row, 9); break;
        case 10: multiply_tile(tile, row, 10); break;
        case 11: multiply_tile(tile, row, 11); break;
        case 12: multiply_tile(tile, row, 12); break;
        default: multiply_tile(tile, row, 13); break;
        }
        row += count;
    }
}

void vector_math_packed_multiply(
    const float *input, size_t input_stride, size_t rows, const float *panels, size_t inner,
    size_t columns, size_t first_panel, size_t end_panel, const float *bias, int finish,
    float *output, size_t output_stride) {
    const size_t most = rows_at_once();
    for (size_t panel = first_panel; panel < end_panel; panel++) {
        const size_t start = panel * PANEL;
        const struct tile tile = {
            .input = input,
            .input_stride = input_stride,
            .panel = panels + start * inner,
            .inner = inner,
            .bias = bias ? bias + start : 0,
            .finish = finish,
            .output = output + start,
            .output_stride = output_stride,
            .columns = columns - start < PANEL ? columns - start : PANEL,
        };
        multiply_panel(&tile, rows, most);
    }
}
