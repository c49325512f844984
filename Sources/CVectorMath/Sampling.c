#include "CVectorMath.h"
#include "Exponential.h"

MULTIVERSION
double vector_math_softmax_weights(float *values, size_t count, float scale, float maximum) {
    VECTOR_SUMS
    for (size_t i = 0; i < count; i++) values[i] = exponential(scale * (values[i] - maximum));
    double sum = 0;
    for (size_t i = 0; i < count; i++) sum += (double)values[i];
    return sum;
}

MULTIVERSION
float vector_math_maximum(const float *values, size_t count) {
    float partial[64];
    for (size_t lane = 0; lane < 64; lane++) partial[lane] = values[0];
    size_t i = 0;
    for (; i + 64 <= count; i += 64)
        for (size_t lane = 0; lane < 64; lane++)
            partial[lane] = values[i + lane] > partial[lane] ? values[i + lane] : partial[lane];
    for (; i < count; i++) partial[0] = values[i] > partial[0] ? values[i] : partial[0];
    for (size_t lane = 1; lane < 64; lane++)
        partial[0] = partial[lane] > partial[0] ? partial[lane] : partial[0];
    return partial[0];
}

MULTIVERSION
void vector_math_group_maxima(const float *values, size_t count, float *maxima, size_t groups) {
    for (size_t group = 0; group < groups; group++) maxima[group] = -__builtin_inff();
    for (size_t start = 0; start < count; start += groups) {
        const float *part = values + start;
        const size_t width = count - start < groups ? count - start : groups;
        for (size_t group = 0; group < width; group++)
            maxima[group] = part[group] > maxima[group] ? part[group] : maxima[group];
    }
}

MULTIVERSION
size_t vector_math_indices_at_least(
    const float *values, size_t count, float threshold, int *indices, size_t capacity) {
    size_t found = 0;
    for (size_t start = 0; start < count; start += 64) {
        const size_t end = start + 64 < count ? start + 64 : count;
        // A whole block is passed over with one vector comparison a register.
        int any = 0;
        for (size_t i = start; i < end; i++) any |= values[i] >= threshold;
        if (!any) continue;
        for (size_t i = start; i < end; i++) {
            if (!(values[i] >= threshold)) continue;
            if (found < capacity) indices[found] = (int)i;
            found++;
        }
    }
    return found;
}
