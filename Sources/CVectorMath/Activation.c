#include "CVectorMath.h"
#include "Exponential.h"

// √(2/π) twice, since tanh(u) = 2σ(2u) − 1.
static const float twice_root = 1.5957691216057308f;
static const float cubic = 0.044715f;

MULTIVERSION
void vector_math_gelu(const float *input, float *output, size_t count) {
    for (size_t i = 0; i < count; i++) {
        // Below −20 the result is 0 to within 1e-37; held there, x³ cannot overflow to −∞.
        const float x = input[i] < -20.0f ? -20.0f : input[i];
        const float twice_u = twice_root * (x + cubic * x * x * x);
        output[i] = x / (1.0f + exponential(-twice_u));
    }
}

MULTIVERSION
void vector_math_gelu_backward(float *input, const float *output_gradient, size_t count) {
    for (size_t i = 0; i < count; i++) {
        // Beyond ±12 the derivative is 0 or 1 in single precision.
        float x = input[i] < -12.0f ? -12.0f : input[i];
        x = x > 12.0f ? 12.0f : x;
        const float twice_u = twice_root * (x + cubic * x * x * x);
        const float sigmoid = 1.0f / (1.0f + exponential(-twice_u));
        const float slope = twice_root * (1.0f + 3.0f * cubic * x * x);
        const float derivative = sigmoid + x * sigmoid * (1.0f - sigmoid) * slope;
        input[i] = output_gradient[i] * derivative;
    }
}
