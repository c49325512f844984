#include "CVectorMath.h"
#include "InstructionSets.h"

float sqrtf(float);

MULTIVERSION
void vector_math_adamw_step(
    const struct vector_math_adamw *settings, const float *gradient, float *first_moment,
    float *second_moment, float *parameters, size_t count) {
    const struct vector_math_adamw s = *settings;
    float *restrict m = first_moment;
    float *restrict v = second_moment;
    float *restrict theta = parameters;
    const float decay = 1.0f - s.learning_rate * s.weight_decay;
    for (size_t i = 0; i < count; i++) {
        const float g = gradient[i];
        const float first = s.beta1 * m[i] + (1.0f - s.beta1) * g;
        const float second = s.beta2 * v[i] + (1.0f - s.beta2) * g * g;
        m[i] = first;
        v[i] = second;
        const float deviation = sqrtf(second * s.second_correction);
        const float step = first * s.first_correction / (deviation + s.epsilon);
        theta[i] = decay * theta[i] - s.learning_rate * step;
    }
}
