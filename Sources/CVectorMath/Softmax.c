#include "CVectorMath.h"
#include "Exponential.h"

INLINE float maximum(const float *values, size_t count) {
    float lanes[16];
    for (size_t l = 0; l < 16; l++) lanes[l] = -3.402823466e38f;
    size_t i = 0;
    for (; i + 16 <= count; i += 16)
        for (size_t l = 0; l < 16; l++)
            lanes[l] = values[i + l] > lanes[l] ? values[i + l] : lanes[l];
    float result = -3.402823466e38f;
    for (size_t l = 0; l < 16; l++) result = lanes[l] > result ? lanes[l] : result;
    for (; i < count; i++) result = values[i] > result ? values[i] : result;
    return result;
}

/// Elements that are added in single precision before their sum is added in double.
enum { BLOCK = 1024 };

/// values = exp(scale·(values − largest)); returns their sum.
INLINE float exponentials(float *values, size_t count, float scale, float largest) {
    VECTOR_SUMS
    double total = 0;
    for (size_t start = 0; start < count; start += BLOCK) {
        const size_t end = start + BLOCK < count ? start + BLOCK : count;
        float sum = 0;
        for (size_t i = start; i < end; i++) {
            const float e = exponential(scale * (values[i] - largest));
            values[i] = e;
            sum += e;
        }
        total += (double)sum;
    }
    return (float)total;
}

MULTIVERSION
void vector_math_causal_softmax(
    float *values, size_t rows, size_t columns, size_t row_stride, size_t first_length,
    float scale) {
    for (size_t i = 0; i < rows; i++) {
        float *row = values + i * row_stride;
        const size_t length = first_length + i < columns ? first_length + i : columns;
        const float sum = exponentials(row, length, scale, maximum(row, length));
        const float inverse = 1.0f / sum;
        for (size_t j = 0; j < length; j++) row[j] *= inverse;
        for (size_t j = length; j < columns; j++) row[j] = 0;
    }
}

MULTIVERSION
void vector_math_causal_softmax_backward(
    const float *probabilities, float *gradient, size_t rows, size_t columns, size_t row_stride,
    size_t first_length, float scale) {
    VECTOR_SUMS
    for (size_t i = 0; i < rows; i++) {
        const float *p = probabilities + i * row_stride;
        float *g = gradient + i * row_stride;
        const size_t length = first_length + i < columns ? first_length + i : columns;
        float product = 0;
        for (size_t j = 0; j < length; j++) product += p[j] * g[j];
        for (size_t j = 0; j < length; j++) g[j] = scale * p[j] * (g[j] - product);
        for (size_t j = length; j < columns; j++) g[j] = 0;
    }
}

/// Σ exp(values − largest) without writing.
INLINE double sum_of_exponentials(const float *values, size_t count, float largest) {
    VECTOR_SUMS
    double total = 0;
    for (size_t start = 0; start < count; start += BLOCK) {
        const size_t end = start + BLOCK < count ? start + BLOCK : count;
        float sum = 0;
        for (size_t i = start; i < end; i++) sum += exponential(values[i] - largest);
        total += (double)sum;
    }
    return total;
}

double log(double);

MULTIVERSION
double vector_math_cross_entropy(const float *logits, size_t count, size_t target) {
    const float largest = maximum(logits, count);
    return (double)largest + log(sum_of_exponentials(logits, count, largest))
        - (double)logits[target];
}

MULTIVERSION
double vector_math_cross_entropy_backward(
    float *logits, size_t count, size_t target, float weight) {
    const float largest = maximum(logits, count);
    const double target_logit = logits[target];
    if (weight == 0) {
        const double total = sum_of_exponentials(logits, count, largest);
        for (size_t i = 0; i < count; i++) logits[i] = 0;
        return (double)largest + log(total) - target_logit;
    }
    const float sum = exponentials(logits, count, 1.0f, largest);
    const float factor = weight / sum;
    // The target's entry is written last, from its own probability: no cancellation is added.
    const float target_probability = logits[target] / sum;
    for (size_t i = 0; i < count; i++) logits[i] *= factor;
    logits[target] = (target_probability - 1.0f) * weight;
    return (double)largest + log((double)sum) - target_logit;
}
