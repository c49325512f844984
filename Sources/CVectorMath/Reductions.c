#include "CVectorMath.h"
#include "InstructionSets.h"

#include <string.h>

MULTIVERSION
void vector_math_fill_rows(
    const float *row, float *values, size_t rows, size_t width, size_t row_stride) {
    for (size_t i = 0; i < rows; i++) memcpy(values + i * row_stride, row, width * sizeof(float));
}

MULTIVERSION
void vector_math_add_to_rows(
    const float *row, float *values, size_t rows, size_t width, size_t row_stride) {
    for (size_t i = 0; i < rows; i++) {
        float *restrict target = values + i * row_stride;
        for (size_t j = 0; j < width; j++) target[j] += row[j];
    }
}

MULTIVERSION
void vector_math_add_column_sums(
    const float *values, size_t rows, size_t width, size_t row_stride, float *sums) {
    float *restrict target = sums;
    for (size_t i = 0; i < rows; i++) {
        const float *row = values + i * row_stride;
        for (size_t j = 0; j < width; j++) target[j] += row[j];
    }
}

MULTIVERSION
void vector_math_add_scaled(float factor, const float *values, float *target, size_t count) {
    float *restrict sums = target;
    for (size_t i = 0; i < count; i++) sums[i] += factor * values[i];
}

MULTIVERSION
void vector_math_scale(float factor, float *values, size_t count) {
    for (size_t i = 0; i < count; i++) values[i] *= factor;
}

MULTIVERSION
double vector_math_squared_norm(const float *values, size_t count) {
    VECTOR_SUMS
    double sum = 0;
    for (size_t i = 0; i < count; i++) sum += (double)values[i] * (double)values[i];
    return sum;
}

MULTIVERSION
double vector_math_dot(const float *first, const float *second, size_t count) {
    VECTOR_SUMS
    double sum = 0;
    for (size_t i = 0; i < count; i++) sum += (double)first[i] * (double)second[i];
    return sum;
}

MULTIVERSION
double vector_math_gathered_dot(
    const float *first, size_t first_stride, const float *second, size_t second_stride,
    size_t rows, const int *places, size_t count) {
    VECTOR_SUMS
    double sum = 0;
    for (size_t i = 0; i < rows; i++) {
        const float *a = first + i * first_stride;
        const float *b = second + i * second_stride;
        for (size_t j = 0; j < count; j++) sum += (double)a[j] * (double)b[places[j]];
    }
    return sum;
}

MULTIVERSION
double vector_math_symmetric_dot(
    const float *first, size_t first_stride, const float *second, size_t second_stride,
    size_t order) {
    VECTOR_SUMS
    double diagonal = 0, below = 0;
    for (size_t i = 0; i < order; i++) {
        const float *a = first + i * first_stride;
        const float *b = second + i * second_stride;
        double sum = 0;
        for (size_t j = 0; j < i; j++) sum += (double)a[j] * (double)b[j];
        below += sum;
        diagonal += (double)a[i] * (double)b[i];
    }
    return diagonal + 2 * below;
}

MULTIVERSION
float vector_math_maximum_magnitude(const float *values, size_t count) {
    float largest = 0;
    int has_nan = 0;
    for (size_t i = 0; i < count; i++) {
        const float magnitude = __builtin_fabsf(values[i]);
        has_nan |= magnitude != magnitude;
        largest = magnitude > largest ? magnitude : largest;
    }
    return has_nan ? __builtin_nanf("") : largest;
}
