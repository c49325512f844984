#include "CVectorMath.h"
#include "InstructionSets.h"

float sqrtf(float);

MULTIVERSION
void vector_math_layer_norm(
    const float *input, const float *scale, const float *shift, float epsilon, size_t rows,
    size_t width, float *normalized, float *inverse_deviation, float *output) {
    VECTOR_SUMS
    for (size_t row = 0; row < rows; row++) {
        const float *x = input + row * width;
        float *restrict z = normalized + row * width;
        float *restrict y = output + row * width;
        float sum = 0;
        for (size_t i = 0; i < width; i++) sum += x[i];
        const float mean = sum / (float)width;
        float squares = 0;
        for (size_t i = 0; i < width; i++) {
            const float centered = x[i] - mean;
            squares += centered * centered;
        }
        const float inverse = 1.0f / sqrtf(squares / (float)width + epsilon);
        inverse_deviation[row] = inverse;
        for (size_t i = 0; i < width; i++) {
            const float n = (x[i] - mean) * inverse;
            z[i] = n;
            y[i] = n * scale[i] + shift[i];
        }
    }
}

MULTIVERSION
void vector_math_affine_rows(
    const float *normalized, const float *scale, const float *shift, size_t rows, size_t width,
    float *output) {
    for (size_t row = 0; row < rows; row++) {
        const float *z = normalized + row * width;
        float *restrict y = output + row * width;
        for (size_t i = 0; i < width; i++) y[i] = z[i] * scale[i] + shift[i];
    }
}

MULTIVERSION
void vector_math_affine_rows_in_place(
    float *values, const float *scale, const float *shift, float factor, size_t rows,
    size_t width) {
    for (size_t row = 0; row < rows; row++) {
        float *restrict y = values + row * width;
        for (size_t i = 0; i < width; i++) y[i] = (y[i] * scale[i] + shift[i]) * factor;
    }
}

MULTIVERSION
void vector_math_layer_norm_backward(
    const float *normalized, const float *inverse_deviation, const float *scale,
    const float *output_gradient, const float *residual_gradient, size_t rows, size_t width,
    float *input_gradient) {
    VECTOR_SUMS
    for (size_t row = 0; row < rows; row++) {
        const float *z = normalized + row * width;
        const float *g = output_gradient + row * width;
        float *d = input_gradient + row * width;
        // With h = g ⊙ scale:  d = r·(h − mean(h) − z·mean(h ⊙ z)).
        float sum = 0, product = 0;
        for (size_t i = 0; i < width; i++) {
            const float h = g[i] * scale[i];
            sum += h;
            product += h * z[i];
        }
        const float mean = sum / (float)width;
        const float slope = product / (float)width;
        const float r = inverse_deviation[row];
        if (residual_gradient) {
            const float *residual = residual_gradient + row * width;
            for (size_t i = 0; i < width; i++)
                d[i] = residual[i] + r * (g[i] * scale[i] - mean - z[i] * slope);
        } else {
            for (size_t i = 0; i < width; i++)
                d[i] = r * (g[i] * scale[i] - mean - z[i] * slope);
        }
    }
}

MULTIVERSION
void vector_math_layer_norm_parameter_gradients(
    const float *normalized, const float *output_gradient, size_t rows, size_t width,
    float *scale_gradient, float *shift_gradient) {
    for (size_t row = 0; row < rows; row++) {
        const float *z = normalized + row * width;
        const float *g = output_gradient + row * width;
        float *restrict scale_sum = scale_gradient;
        float *restrict shift_sum = shift_gradient;
        for (size_t i = 0; i < width; i++) {
            scale_sum[i] += g[i] * z[i];
            shift_sum[i] += g[i];
        }
    }
}
