#ifndef CVECTORMATH_H
#define CVECTORMATH_H

#include <stddef.h>
#include <stdint.h>

#include "GenerationKernels.h"
#include "PanelProduct.h"

/// Elementwise loops over float arrays, compiled once per instruction set; the loader picks the
/// best one for the processor. Matrices are row-major and, unless a stride is given, contiguous.
/// Every loop runs in a fixed order: equal inputs give equal bits on the same instruction set.
/// Arrays of one call must not overlap, except where a single pointer is named as both.

/// The name of the instruction set that the loader chose: "x86-64-v4", "x86-64-v3" or "baseline".
const char *vector_math_instruction_set(void);

// MARK: GELU, the tanh form of GPT-2:  x·σ(2u),  u = √(2/π)·(x + 0.044715·x³)

/// output[i] = gelu(input[i]); error below 2e-6 relative, 2e-9 absolute near 0.
void vector_math_gelu(const float *input, float *output, size_t count);

/// input[i] is overwritten with output_gradient[i] · gelu′(input[i]).
void vector_math_gelu_backward(float *input, const float *output_gradient, size_t count);

/// values[i] becomes x·Φ(x), the exact form, x = values[i]; absolute error below 3e-7·max(1, |x|).
void vector_math_exact_gelu(float *values, size_t count);

// MARK: Gated activations:  a(gate)·up,  a = SiLU, x·σ(x), or GELU in its tanh form

/// output = a(gate) ⊙ up of rows [gate | up], each `width` wide; a is GELU with `tanh_gelu`.
void vector_math_gated_activation(
    const float *projections, size_t rows, size_t width, int tanh_gelu, float *output);

/// Overwrites gate and up with their gradients.
void vector_math_gated_activation_backward(
    float *projections, const float *output_gradient, size_t rows, size_t width, int tanh_gelu);

// MARK: Rotary positions

/// Turns each head's pairs (x[i], x[i + head_width/2]) by the row's angles, forwards or, with
/// `direction` −1, back. Rows of `angles` hold head_width/2 cosines, then as many sines.
void vector_math_rotate(
    float *values, size_t stride, size_t rows, size_t heads, size_t head_width,
    const float *angles, float direction);

// MARK: Softmax

/// Row i of [rows, row_stride] becomes the softmax of scale·row over its first
/// `first_length + i` columns and exact zeros up to `columns`.
void vector_math_causal_softmax(
    float *values, size_t rows, size_t columns, size_t row_stride, size_t first_length, float scale);

/// gradient = scale · p ⊙ (gradient − Σ p ⊙ gradient), over the same columns as the forward loop;
/// the columns after them become zero.
void vector_math_causal_softmax_backward(
    const float *probabilities, float *gradient, size_t rows, size_t columns, size_t row_stride,
    size_t first_length, float scale);

// MARK: Layer normalisation

/// normalized = (x − mean)·r,  output = normalized·scale + shift,  r = 1/√(variance + epsilon).
void vector_math_layer_norm(
    const float *input, const float *scale, const float *shift, float epsilon, size_t rows,
    size_t width, float *normalized, float *inverse_deviation, float *output);

/// output = normalized·scale + shift, row by row.
void vector_math_affine_rows(
    const float *normalized, const float *scale, const float *shift, size_t rows, size_t width,
    float *output);

/// values = (values·scale + shift)·factor in place, row by row.
void vector_math_affine_rows_in_place(
    float *values, const float *scale, const float *shift, float factor, size_t rows,
    size_t width);

/// input_gradient = residual_gradient + the gradient through layer normalisation, [rows, width].
/// A null `residual_gradient` means zero; it may be the same array as `input_gradient`.
void vector_math_layer_norm_backward(
    const float *normalized, const float *inverse_deviation, const float *scale,
    const float *output_gradient, const float *residual_gradient, size_t rows, size_t width,
    float *input_gradient);

/// scale_gradient += Σ_rows output_gradient ⊙ normalized,  shift_gradient += Σ_rows output_gradient.
void vector_math_layer_norm_parameter_gradients(
    const float *normalized, const float *output_gradient, size_t rows, size_t width,
    float *scale_gradient, float *shift_gradient);

// MARK: Root mean square normalisation

/// normalized = x·r,  output = normalized·scale,  r = 1/√(mean of squares + epsilon).
void vector_math_rms_norm(
    const float *input, const float *scale, float epsilon, size_t rows, size_t width,
    float *normalized, float *inverse_root, float *output);

/// input_gradient = residual_gradient + the gradient through the normalisation, [rows, width].
/// A null `residual_gradient` means zero; it may be the same array as `input_gradient`.
void vector_math_rms_norm_backward(
    const float *normalized, const float *inverse_root, const float *scale,
    const float *output_gradient, const float *residual_gradient, size_t rows, size_t width,
    float *input_gradient);

/// scale_gradient += Σ_rows output_gradient ⊙ normalized.
void vector_math_rms_norm_scale_gradient(
    const float *normalized, const float *output_gradient, size_t rows, size_t width,
    float *scale_gradient);

/// output = values·scale·factor, row by row; both may be the same array.
void vector_math_scale_rows(
    const float *values, const float *scale, float factor, size_t rows, size_t width,
    float *output);

// MARK: Cross-entropy

/// Turns one row of logits into (softmax − onehot(target))·weight and returns its loss in nats,
/// not weighted. A weight of 0 gives an exactly zero row.
double vector_math_cross_entropy_backward(
    float *logits, size_t count, size_t target, float weight);

/// The loss of one row of logits in nats.
double vector_math_cross_entropy(const float *logits, size_t count, size_t target);

// MARK: Rows, sums and products

/// Every row of [rows, row_stride] becomes `row`, [width].
void vector_math_fill_rows(
    const float *row, float *values, size_t rows, size_t width, size_t row_stride);

/// Adds `row`, [width], to every row of [rows, row_stride].
void vector_math_add_to_rows(
    const float *row, float *values, size_t rows, size_t width, size_t row_stride);

/// sums[j] += Σ_rows values[row, j].
void vector_math_add_column_sums(
    const float *values, size_t rows, size_t width, size_t row_stride, float *sums);

/// target[i] += factor · values[i].
void vector_math_add_scaled(float factor, const float *values, float *target, size_t count);

/// values[i] *= factor.
void vector_math_scale(float factor, float *values, size_t count);

/// Σ values[i]², accumulated in double.
double vector_math_squared_norm(const float *values, size_t count);

/// Σ first[i]·second[i], accumulated in double.
double vector_math_dot(const float *first, const float *second, size_t count);

// MARK: Products of rows, with what bounds their error

enum {
    /// Columns whose sums stay in single precision, sixteen side by side.
    VECTOR_MATH_ROW_PRODUCT_CHUNK = 256,
    /// Columns after which the sum is rounded to single precision.
    VECTOR_MATH_ROW_PRODUCT_BLOCK = 512,
};

/// product[i][j] = Σ_k a[i][k]·b[j][k], [rows, columns]; with `lower` only for j ≤ i.
///
/// Each product of a sum goes through at most min(width, CHUNK)/16 + 1 additions or multiplications
/// in single precision within a chunk, 2 over the lanes, and one rounding a block.
void vector_math_row_products(
    const float *a, size_t a_stride, size_t rows, const float *b, size_t b_stride, size_t columns,
    size_t width, int lower, float *product, size_t product_stride);

/// Products of rows, and the norms of the rows that were multiplied.
struct vector_math_row_products_of {
    const float *products;
    size_t stride;
    /// [rows of the products] and [columns].
    const double *row_norms, *column_norms;
};

/// result = Σ first·second, Σ |second|·row norm·column norm of the first, and the reverse, over
/// [rows, columns]; with `lower` over two symmetric matrices whose lower triangles are read.
void vector_math_bounded_dot(
    const struct vector_math_row_products_of *first,
    const struct vector_math_row_products_of *second, size_t rows, size_t columns, int lower,
    double result[3]);

/// result = Σ products[i][j]·second[i][places[j]], and Σ |second[i][places[j]]|·row norm·column norm.
void vector_math_bounded_gathered_dot(
    const struct vector_math_row_products_of *products, const float *second, size_t second_stride,
    size_t rows, const int *places, size_t count, double result[2]);

// MARK: AdamW (Loshchilov and Hutter 2019, arXiv:1711.05101)

/// The settings of one AdamW step.
struct vector_math_adamw {
    float learning_rate;
    float beta1;
    float beta2;
    float epsilon;
    /// Decoupled: parameters shrink by learning_rate·weight_decay each step.
    float weight_decay;
    /// 1/(1 − beta1^step) and 1/(1 − beta2^step).
    float first_correction;
    float second_correction;
};

/// m = β₁m + (1−β₁)g,  v = β₂v + (1−β₂)g²,  θ −= η·(m̂/(√v̂ + ε) + λθ).
void vector_math_adamw_step(
    const struct vector_math_adamw *settings, const float *gradient, float *first_moment,
    float *second_moment, float *parameters, size_t count);

// MARK: Gaussian noise

/// target[i] = z[i], standard normal, Box–Muller in double precision.
///
/// Pair p uses words[2p] and words[2p+1], the upper 53 bits of each, and gives z[2p] (cosine) and
/// z[2p+1] (sine). With an odd `count` the last sine is dropped. `words` holds count + count % 2.
/// The transform is accurate to 1e-14 relative; |z| ≤ 8.58.
void vector_math_gaussian(const uint64_t *words, size_t count, double *target);

/// target[i] = unit · round((target[i] + scale·z[i]) · per_grid), each stored once as a float.
///
/// Words and normals as above; `per_grid` is a power of two, and magnitudes before rounding stay below 2⁵¹.
void vector_math_release_gaussian(const uint64_t *words, size_t count, double scale,
                                  double per_grid, double unit, float *target);

#endif
