#ifndef GENERATIONKERNELS_H
#define GENERATIONKERNELS_H

#include <stddef.h>

// MARK: Products with a packed matrix, for generation
//
// A [inner, columns] matrix is packed once into panels of 32 columns, [panel][inner][32], the last
// one filled up with zeros: a product then reads it as one stream. Every element is one chain of
// multiply-adds over `inner` in order, so a row's bits depend neither on the rows beside it nor on
// how the panels are shared out.

/// What happens to a product before it is stored.
enum packed_multiply_finish {
    /// output = product + bias
    packed_multiply_store = 0,
    /// output += product + bias
    packed_multiply_add = 1,
    /// output = gelu(product + bias)
    packed_multiply_gelu = 2,
};

/// Rows of `input` times the panels `first_panel ..< end_panel`; a null `bias` is zero.
void vector_math_packed_multiply(
    const float *input, size_t input_stride, size_t rows, const float *panels, size_t inner,
    size_t columns, size_t first_panel, size_t end_panel, const float *bias, int finish,
    float *output, size_t output_stride);

// MARK: Products with a matrix in half as many bits, and what they can be off by
//
// The columns of a [inner, columns] matrix are rounded to bfloat16, 8 bits of precision, and packed
// into panels of 32 as [panel][inner][16] words of two: column i above column i + 16. A product
// reads half the memory; how far it can be from the product with the matrix itself is known.

/// Packs up to 32 columns, which lie `stride` apart with their elements together.
///
/// For an input h, both products computed here as one chain of multiply-adds each, they differ by
/// at most ‖h‖·radii[i]. norms[i] is at least the column's length. Not finite if a weight is not,
/// or rounds to infinity.
void vector_math_screen_pack(
    const float *weights, size_t stride, size_t columns, size_t inner, void *panel, float *radii,
    float *norms);

/// One to four rows of `input` times the panels `first_panel ..< end_panel`.
void vector_math_screened_multiply(
    const float *input, size_t input_stride, size_t rows, const void *panels, size_t inner,
    size_t columns, size_t first_panel, size_t end_panel, float *output, size_t output_stride);

/// bounds[i] = values[i] + distance·radii[i], and a little further for the rounding of that.
void vector_math_screen_bounds(
    const float *values, const float *radii, size_t count, float distance, float *bounds);

/// output[j] = input · row j of `weights` for j in `indices`, to the last bit the product with the
/// packed matrix whose columns are these rows.
void vector_math_chains(
    const float *input, const float *weights, size_t stride, size_t inner, const int *indices,
    size_t count, float *output);

// MARK: Attention over a key-value cache

/// Writes a key into its lane: lane[16·i] = key[i].
void vector_math_store_key(const float *key, float *lane, size_t head_width);

/// output = softmax(scale · query·keysᵀ) · values for one head and query.
///
/// Keys lie in blocks of 16 positions, [head_width][16] each, `key_stride` apart; values lie
/// `value_stride` apart. `weights` is scratch for the positions rounded up to 16.
void vector_math_cached_attention(
    const float *query, const float *keys, size_t key_stride, const float *values,
    size_t value_stride, size_t positions, size_t head_width, float scale, float *weights,
    float *output);

// MARK: Sampling

/// values[i] = exp(scale·(values[i] − maximum)); returns their sum, accumulated in double.
double vector_math_softmax_weights(float *values, size_t count, float scale, float maximum);

/// The largest of the values; none is NaN.
float vector_math_maximum(const float *values, size_t count);

/// maxima[g] = the largest of values[g], values[g + groups], values[g + 2·groups], …
void vector_math_group_maxima(
    const float *values, size_t count, float *maxima, size_t groups);

/// Writes the indices of the values that are at least `threshold` in order; returns how many there
/// are, though at most `capacity` are written.
size_t vector_math_indices_at_least(
    const float *values, size_t count, float threshold, int *indices, size_t capacity);

#endif
