#ifndef EXPONENTIAL_H
#define EXPONENTIAL_H

#include "InstructionSets.h"
#include <stdint.h>
#include <string.h>

/// exp(x) for floats, relative error below 2e-7; x is held to [-87, 88] and NaN stays NaN.
///
/// x = n·ln 2 + r with |r| ≤ ln 2 / 2, then exp(r) by its Taylor polynomial of degree 7
/// (truncation 5e-9) and 2ⁿ by the exponent bits.
INLINE float exponential(float x) {
    x = x < -87.0f ? -87.0f : x;
    x = x > 88.0f ? 88.0f : x;
    // Adding 1.5·2²³ rounds to the nearest integer and leaves it in the low bits.
    const float shifted = x * 1.44269504088896341f + 12582912.0f;
    uint32_t bits;
    memcpy(&bits, &shifted, sizeof bits);
    const float n = shifted - 12582912.0f;
    // ln 2 in two parts, the first exact when multiplied by a small integer.
    const float r = (x - n * 0.693359375f) + n * 2.12194440054690583e-4f;
    float p = 1.98412698e-4f;
    p = p * r + 1.38888889e-3f;
    p = p * r + 8.33333333e-3f;
    p = p * r + 4.16666667e-2f;
    p = p * r + 1.66666667e-1f;
    p = p * r + 0.5f;
    p = p * (r * r) + r + 1.0f;
    const uint32_t scale_bits = (bits + 127u) << 23;
    float scale;
    memcpy(&scale, &scale_bits, sizeof scale);
    return p * scale;
}

#endif
