#include "CVectorMath.h"
#include "Exponential.h"
#include <math.h>

/// erf(|x|) for floats, absolute error below 3e-7 with this exponential.
///
///     erf x = 1 − (a₁t + … + a₅t⁵)·exp(−x²),  t = 1/(1 + p·x)      Abramowitz and Stegun 7.1.26
INLINE float error_function(float magnitude) {
    const float t = 1.0f / (1.0f + 0.3275911f * magnitude);
    float sum = 1.061405429f;
    sum = sum * t - 1.453152027f;
    sum = sum * t + 1.421413741f;
    sum = sum * t - 0.284496736f;
    sum = sum * t + 0.254829592f;
    return 1.0f - sum * t * exponential(-magnitude * magnitude);
}

MULTIVERSION
void vector_math_exact_gelu(float *values, size_t count) {
    for (size_t i = 0; i < count; i++) {
        const float x = values[i];
        const float erf = error_function(fabsf(x) * 0.70710678118654752f);
        values[i] = 0.5f * (x + fabsf(x) * erf);
    }
}
