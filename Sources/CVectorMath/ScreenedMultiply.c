#include <math.h>
#include <string.h>

#include "CVectorMath.h"
#include "InstructionSets.h"

enum { PANEL = 32, LANES = 16, ROWS = 4, CHAINS = 8 };

typedef float lanes __attribute__((vector_size(64), aligned(4)));
typedef uint32_t words __attribute__((vector_size(64), aligned(4)));

INLINE uint32_t bits_of(float value) {
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

INLINE float float_of(uint32_t bits) {
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

/// The nearest number of 16 bits, ties to even, as the upper half of a word.
INLINE uint32_t rounded(float value) {
    const uint32_t bits = bits_of(value);
    return (bits + 0x7fff + (bits >> 16 & 1)) & 0xffff0000u;
}

MULTIVERSION
void vector_math_screen_pack(
    const float *weights, size_t stride, size_t columns, size_t inner, void *panel,
    float *radii, float *norms) {
    // A chain of `inner` multiply-adds in single precision is off by at most this much of the
    // product of the norms, whether it rounds once or twice a step.
    const double unit = (double)inner / 16777216.0;
    const double chain = unit / (1 - unit);
    for (size_t column = 0; column < PANEL; column++) {
        const float *source = weights + (column < columns ? column : 0) * stride;
        uint32_t *words = (uint32_t *)panel + column % LANES;
        double exact = 0, screened = 0, lost = 0;
        for (size_t k = 0; k < inner; k++) {
            const float weight = column < columns ? source[k] : 0;
            const uint32_t bits = rounded(weight);
            const double kept = (double)float_of(bits), loss = (double)weight - kept;
            exact += (double)weight * (double)weight;
            screened += kept * kept;
            lost += loss * loss;
            // The words of a row: column i in the upper half, column i + 16 in the lower one.
            if (column < LANES)
                words[k * LANES] = bits;
            else
                words[k * LANES] |= bits >> 16;
        }
        if (column >= columns) continue;
        const double radius = sqrt(lost) + chain * (sqrt(exact) + sqrt(screened));
        radii[column] = (float)(radius * (1 + 0x1p-20));
        norms[column] = (float)(sqrt(exact) * (1 + 0x1p-20));
    }
}

// `rows` is a constant wherever this is inlined, so the sums live in registers.
INLINE void screen_tile(
    const float *input, size_t input_stride, const uint32_t *panel, size_t inner, size_t columns,
    const size_t rows, float *output, size_t output_stride) {
    lanes first[ROWS], second[ROWS];
    for (size_t row = 0; row < rows; row++) first[row] = second[row] = (lanes){0};
    for (size_t k = 0; k < inner; k++) {
        const words both = *(const words *)(panel + k * LANES);
        __builtin_prefetch(panel + (k + 128) * LANES);
        const lanes left = (lanes)(both & 0xffff0000u), right = (lanes)(both << 16);
#pragma clang loop unroll(full)
        for (size_t row = 0; row < rows; row++) {
            const float x = input[row * input_stride + k];
            first[row] += x * left;
            second[row] += x * right;
        }
    }
    for (size_t row = 0; row < rows; row++) {
        float values[PANEL];
        *(lanes *)values = first[row];
        *(lanes *)(values + LANES) = second[row];
        memcpy(output + row * output_stride, values, columns * sizeof(float));
    }
}

MULTIVERSION
void vector_math_screened_multiply(
    const float *input, size_t input_stride, size_t rows, const void *panels, size_t inner,
    size_t columns, size_t first_panel, size_t end_panel, float *output, size_t output_stride) {
    for (size_t index = first_panel; index < end_panel; index++) {
        const size_t start = index * PANEL;
        const size_t width = columns - start < PANEL ? columns - start : PANEL;
        const uint32_t *panel = (const uint32_t *)panels + index * inner * LANES;
        float *into = output + start;
        switch (rows) {
        case 1: screen_tile(input, input_stride, panel, inner, width, 1, into, output_stride); break;
        case 2: screen_tile(input, input_stride, panel, inner, width, 2, into, output_stride); break;
        case 3: screen_tile(input, input_stride, panel, inner, width, 3, into, output_stride); break;
        default: screen_tile(input, input_stride, panel, inner, width, 4, into, output_stride);
        }
    }
}

MULTIVERSION
void vector_math_screen_bounds(
    const float *values, const float *radii, size_t count, float distance, float *bounds) {
    // The last two terms are more than the rounding of this expression and of products that
    // underflow.
    const float sign = distance < 0 ? -1 : 1;
    for (size_t i = 0; i < count; i++)
        bounds[i] = values[i]
            + (distance * radii[i] + sign * (0x1p-20f * fabsf(values[i]) + 0x1p-100f));
}

MULTIVERSION
void vector_math_chains(
    const float *input, const float *weights, size_t stride, size_t inner, const int *indices,
    size_t count, float *output) {
    for (size_t start = 0; start < count; start += CHAINS) {
        const float *sources[CHAINS];
        float sums[CHAINS] = {0};
        const size_t width = count - start < CHAINS ? count - start : CHAINS;
        // The last few stand several times, so that the loop's length is a constant.
        for (size_t i = 0; i < CHAINS; i++)
            sources[i] = weights + (size_t)indices[start + (i < width ? i : 0)] * stride;
        for (size_t k = 0; k < inner; k++)
#pragma clang loop unroll(full)
            for (size_t i = 0; i < CHAINS; i++) sums[i] += input[k] * sources[i][k];
        for (size_t i = 0; i < width; i++) output[indices[start + i]] = sums[i];
    }
}
