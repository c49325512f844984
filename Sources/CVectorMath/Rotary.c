#include "CVectorMath.h"
#include "InstructionSets.h"

MULTIVERSION
void vector_math_rotate(
    float *values, size_t stride, size_t rows, size_t heads, size_t head_width,
    const float *angles, float direction) {
    const size_t half = head_width / 2;
    for (size_t row = 0; row < rows; row++) {
        const float *cosine = angles + row * head_width;
        const float *sine = cosine + half;
        for (size_t head = 0; head < heads; head++) {
            float *restrict x = values + row * stride + head * head_width;
            float *restrict y = x + half;
            for (size_t i = 0; i < half; i++) {
                const float a = x[i], b = y[i], s = direction * sine[i];
                x[i] = a * cosine[i] - b * s;
                y[i] = b * cosine[i] + a * s;
            }
        }
    }
}
