#include "CVectorMath.h"
#include "Exponential.h"

enum { LANES = 16 };
typedef float lanes __attribute__((vector_size(64), aligned(4)));

void vector_math_store_key(const float *key, float *lane, size_t head_width) {
    for (size_t i = 0; i < head_width; i++) lane[LANES * i] = key[i];
}

/// Scores of 64 positions; the four sums hide each other's latency.
INLINE void score_blocks(
    const float *query, const float *keys, size_t key_stride, size_t head_width, size_t blocks,
    float *scores) {
    lanes sums[4] = {{0}};
    for (size_t i = 0; i < head_width; i++)
        for (size_t b = 0; b < blocks; b++)
            sums[b] += query[i] * *(const lanes *)(keys + b * key_stride + LANES * i);
    for (size_t b = 0; b < blocks; b++) *(lanes *)(scores + LANES * b) = sums[b];
}

/// output[0 ..< LANES·groups] = Σ_t weights[t]·values[t].
INLINE void mix_values(
    const float *weights, const float *values, size_t value_stride, size_t positions,
    const size_t groups, float factor, float *output) {
    lanes sums[4] = {{0}};
    for (size_t t = 0; t < positions; t++)
        for (size_t g = 0; g < groups; g++)
            sums[g] += weights[t] * *(const lanes *)(values + t * value_stride + LANES * g);
    for (size_t g = 0; g < groups; g++) *(lanes *)(output + LANES * g) = sums[g] * factor;
}

/// Turns scores into weights that are not normalised; returns 1 / their sum.
INLINE float exponentiate(float *weights, size_t positions, float scale) {
    const size_t padded = (positions + LANES - 1) / LANES * LANES;
    float maximum = weights[0];
    for (size_t t = 1; t < positions; t++) maximum = weights[t] > maximum ? weights[t] : maximum;
    for (size_t t = 0; t < padded; t++) weights[t] = exponential(scale * (weights[t] - maximum));
    for (size_t t = positions; t < padded; t++) weights[t] = 0;
    lanes sums = {0};
    for (size_t t = 0; t < padded; t += LANES) sums += *(const lanes *)(weights + t);
    float sum = 0;
    for (size_t lane = 0; lane < LANES; lane++) sum += sums[lane];
    return 1.0f / sum;
}

MULTIVERSION
void vector_math_cached_attention(
    const float *query, const float *keys, size_t key_stride, const float *values,
    size_t value_stride, size_t positions, size_t head_width, float scale, float *weights,
    float *output) {
    const size_t blocks = (positions + LANES - 1) / LANES;
    size_t block = 0;
    for (; block + 4 <= blocks; block += 4)
        score_blocks(
            query, keys + block * key_stride, key_stride, head_width, 4, weights + LANES * block);
    for (; block < blocks; block++)
        score_blocks(
            query, keys + block * key_stride, key_stride, head_width, 1, weights + LANES * block);
    const float factor = exponentiate(weights, positions, scale);
    size_t i = 0;
    for (; i + 4 * LANES <= head_width; i += 4 * LANES)
        mix_values(weights, values + i, value_stride, positions, 4, factor, output + i);
    for (; i + LANES <= head_width; i += LANES)
        mix_values(weights, values + i, value_stride, positions, 1, factor, output + i);
    for (; i < head_width; i++) {
        float sum = 0;
        for (size_t t = 0; t < positions; t++) sum += weights[t] * values[t * value_stride + i];
        output[i] = sum * factor;
    }
}
