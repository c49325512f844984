#include "CVectorMath.h"
#include "Exponential.h"

// √(2/π) twice, since tanh(u) = 2σ(2u) − 1.
static const float twice_root = 1.5957691216057308f;
static const float cubic = 0.044715f;

/// The logistic argument of the activation x·σ(s(x)).
INLINE float argument(float x, int tanh_gelu) {
    return tanh_gelu ? twice_root * (x + cubic * x * x * x) : x;
}

/// Held where the activation is 0 or x to within single precision, so that x³ cannot overflow.
INLINE float held(float x, float limit) {
    x = x < -limit ? -limit : x;
    return x > limit ? limit : x;
}

INLINE void forward(
    const float *projections, size_t rows, size_t width, const int tanh_gelu, float *output) {
    for (size_t row = 0; row < rows; row++) {
        const float *gate = projections + row * 2 * width;
        const float *up = gate + width;
        float *restrict y = output + row * width;
        for (size_t i = 0; i < width; i++) {
            const float x = tanh_gelu && gate[i] < -20.0f ? -20.0f : gate[i];
            y[i] = x / (1.0f + exponential(-argument(x, tanh_gelu))) * up[i];
        }
    }
}

INLINE void backward(
    float *projections, const float *output_gradient, size_t rows, size_t width,
    const int tanh_gelu) {
    for (size_t row = 0; row < rows; row++) {
        float *restrict gate = projections + row * 2 * width;
        float *restrict up = gate + width;
        const float *g = output_gradient + row * width;
        for (size_t i = 0; i < width; i++) {
            const float x = held(gate[i], tanh_gelu ? 12.0f : 80.0f);
            const float sigmoid = 1.0f / (1.0f + exponential(-argument(x, tanh_gelu)));
            const float slope = tanh_gelu ? twice_root * (1.0f + 3.0f * cubic * x * x) : 1.0f;
            const float derivative = sigmoid + x * sigmoid * (1.0f - sigmoid) * slope;
            const float activated = gate[i] * sigmoid;
            gate[i] = g[i] * up[i] * derivative;
            up[i] = g[i] * activated;
        }
    }
}

MULTIVERSION
void vector_math_gated_activation(
    const float *projections, size_t rows, size_t width, int tanh_gelu, float *output) {
    if (tanh_gelu)
        forward(projections, rows, width, 1, output);
    else
        forward(projections, rows, width, 0, output);
}

MULTIVERSION
void vector_math_gated_activation_backward(
    float *projections, const float *output_gradient, size_t rows, size_t width, int tanh_gelu) {
    if (tanh_gelu)
        backward(projections, output_gradient, rows, width, 1);
    else
        backward(projections, output_gradient, rows, width, 0);
}
