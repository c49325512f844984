#include "CVectorMath.h"
#include "InstructionSets.h"

float sqrtf(float);

MULTIVERSION
void vector_math_rms_norm(
    const float *input, const float *scale, float epsilon, size_t rows, size_t width,
    float *normalized, float *inverse_root, float *output) {
    VECTOR_SUMS
    for (size_t row = 0; row < rows; row++) {
        const float *x = input + row * width;
        float *restrict z = normalized + row * width;
        float *restrict y = output + row * width;
        float squares = 0;
        for (size_t i = 0; i < width; i++) squares += x[i] * x[i];
        const float inverse = 1.0f / sqrtf(squares / (float)width + epsilon);
        inverse_root[row] = inverse;
        for (size_t i = 0; i < width; i++) {
            const float n = x[i] * inverse;
            z[i] = n;
            y[i] = n * scale[i];
        }
    }
}

MULTIVERSION
void vector_math_rms_norm_backward(
    const float *normalized, const float *inverse_root, const float *scale,
    const float *output_gradient, const float *residual_gradient, size_t rows, size_t width,
    float *input_gradient) {
    VECTOR_SUMS
    for (size_t row = 0; row < rows; row++) {
        const float *z = normalized + row * width;
        const float *g = output_gradient + row * width;
        float *d = input_gradient + row * width;
        // With h = g ⊙ scale:  d = r·(h − z·mean(h ⊙ z)).
        float product = 0;
        for (size_t i = 0; i < width; i++) product += g[i] * scale[i] * z[i];
        const float slope = product / (float)width;
        const float r = inverse_root[row];
        if (residual_gradient) {
            const float *residual = residual_gradient + row * width;
            for (size_t i = 0; i < width; i++)
                d[i] = residual[i] + r * (g[i] * scale[i] - z[i] * slope);
        } else {
            for (size_t i = 0; i < width; i++) d[i] = r * (g[i] * scale[i] - z[i] * slope);
        }
    }
}

MULTIVERSION
void vector_math_rms_norm_scale_gradient(
    const float *normalized, const float *output_gradient, size_t rows, size_t width,
    float *scale_gradient) {
    for (size_t row = 0; row < rows; row++) {
        const float *z = normalized + row * width;
        const float *g = output_gradient + row * width;
        float *restrict sum = scale_gradient;
        for (size_t i = 0; i < width; i++) sum[i] += g[i] * z[i];
    }
}

MULTIVERSION
void vector_math_scale_rows(
    const float *values, const float *scale, float factor, size_t rows, size_t width,
    float *output) {
    for (size_t row = 0; row < rows; row++) {
        const float *x = values + row * width;
        float *y = output + row * width;
        for (size_t i = 0; i < width; i++) y[i] = x[i] * scale[i] * factor;
    }
}
