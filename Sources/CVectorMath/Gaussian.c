#include "CVectorMath.h"
#include "InstructionSets.h"

#include <string.h>

double sqrt(double);

/// ln u for a positive normal double, relative error below 1e-15.
///
/// u = 2ᵉ·m with m in [√½, √2), and ln m = 2·artanh(s), s = (m − 1)/(m + 1), |s| < 0.1716: the
/// series Σ s²ᵏ/(2k + 1) is cut after k = 10 (next term 3e-17 relative).
INLINE double logarithm(double u) {
    uint64_t bits;
    memcpy(&bits, &u, sizeof bits);
    // Shifts the border between exponents from 1 to √½.
    const uint64_t shifted = bits - 0x3fe6a09e667f3bcdULL;
    const int64_t exponent = (int64_t)shifted >> 52;
    const uint64_t mantissa_bits = bits - ((uint64_t)exponent << 52);
    double m;
    memcpy(&m, &mantissa_bits, sizeof m);
    const double s = (m - 1.0) / (m + 1.0);
    const double q = s * s;
    double p = 1.0 / 21.0;
    p = p * q + 1.0 / 19.0;
    p = p * q + 1.0 / 17.0;
    p = p * q + 1.0 / 15.0;
    p = p * q + 1.0 / 13.0;
    p = p * q + 1.0 / 11.0;
    p = p * q + 1.0 / 9.0;
    p = p * q + 1.0 / 7.0;
    p = p * q + 1.0 / 5.0;
    p = p * q + 1.0 / 3.0;
    const double log_m = 2.0 * s + 2.0 * s * (q * p);
    // ln 2 in two parts; the first has 32 trailing zero bits, so its product is exact.
    const double e = (double)exponent;
    return e * 0x1.62e42feep-1 + (log_m + e * 0x1.a39ef35793c76p-33);
}

/// cos(2πv) and sin(2πv) for v in [0, 1), absolute error below 2e-16.
///
/// v = q/4 + r with |r| ≤ 1/8, exactly; Taylor polynomials up to x¹⁷ and x¹⁶ on |x| ≤ π/4
/// (truncation 1e-19).
INLINE void turn(double v, double *cosine, double *sine) {
    // Adding 1.5·2⁵² rounds to the nearest integer and leaves it in the low bits.
    const double shifted = v * 4.0 + 6755399441055744.0;
    uint64_t quadrant;
    memcpy(&quadrant, &shifted, sizeof quadrant);
    const double r = v - (shifted - 6755399441055744.0) * 0.25;
    const double x = r * 6.283185307179586477;
    const double y = x * x;
    double s = 1.0 / 355687428096000.0;
    s = s * y - 1.0 / 1307674368000.0;
    s = s * y + 1.0 / 6227020800.0;
    s = s * y - 1.0 / 39916800.0;
    s = s * y + 1.0 / 362880.0;
    s = s * y - 1.0 / 5040.0;
    s = s * y + 1.0 / 120.0;
    s = s * y - 1.0 / 6.0;
    s = x + x * (y * s);
    double c = 1.0 / 20922789888000.0;
    c = c * y - 1.0 / 87178291200.0;
    c = c * y + 1.0 / 479001600.0;
    c = c * y - 1.0 / 3628800.0;
    c = c * y + 1.0 / 40320.0;
    c = c * y - 1.0 / 720.0;
    c = c * y + 1.0 / 24.0;
    c = c * y - 0.5;
    c = 1.0 + y * c;
    const int swap = (int)(quadrant & 1);
    const double first = swap ? s : c;
    const double second = swap ? c : s;
    *cosine = ((quadrant + 1) & 2) ? -first : first;
    *sine = (quadrant & 2) ? -second : second;
}

/// Two standard normals from the upper 53 bits of two words; u = (k + 1)/2⁵³ is never 0.
INLINE void normal_pair(uint64_t first, uint64_t second, double *cosine, double *sine) {
    const double u = (double)(int64_t)((first >> 11) + 1) * 0x1p-53;
    const double v = (double)(int64_t)(second >> 11) * 0x1p-53;
    const double radius = sqrt(-2.0 * logarithm(u));
    turn(v, cosine, sine);
    *cosine *= radius;
    *sine *= radius;
}

MULTIVERSION
void vector_math_gaussian(const uint64_t *words, size_t count, double *target) {
    double *restrict z = target;
    for (size_t p = 0; p < count / 2; p++)
        normal_pair(words[2 * p], words[2 * p + 1], &z[2 * p], &z[2 * p + 1]);
    if (count % 2) {
        double dropped;
        normal_pair(words[count - 1], words[count], &z[count - 1], &dropped);
    }
}

/// The nearest multiple of the grid in units of `unit`: adding 1.5·2⁵² leaves no bits behind the
/// point, taking it away again leaves the integer.
INLINE float on_grid(double sum, double per_grid, double unit) {
    const double shifted = sum * per_grid + 6755399441055744.0;
    return (float)((shifted - 6755399441055744.0) * unit);
}

MULTIVERSION
void vector_math_release_gaussian(const uint64_t *words, size_t count, double scale,
                                  double per_grid, double unit, float *target) {
    float *restrict sums = target;
    for (size_t p = 0; p < count / 2; p++) {
        double cosine, sine;
        normal_pair(words[2 * p], words[2 * p + 1], &cosine, &sine);
        sums[2 * p] = on_grid((double)sums[2 * p] + scale * cosine, per_grid, unit);
        sums[2 * p + 1] = on_grid((double)sums[2 * p + 1] + scale * sine, per_grid, unit);
    }
    if (count % 2) {
        double cosine, sine;
        normal_pair(words[count - 1], words[count], &cosine, &sine);
        sums[count - 1] = on_grid((double)sums[count - 1] + scale * cosine, per_grid, unit);
    }
}
