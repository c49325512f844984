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
