#ifndef PANELPRODUCT_H
#define PANELPRODUCT_H

#include <stddef.h>

// MARK: Matrix products of training, by packed panels; lower triangles alone where wanted

/// One factor of a product: i counts rows of a or columns of b, k the inner dimension.
struct vector_math_factor {
    const float *elements;
    /// The distance of neighbouring i, or of neighbouring k if the factor is inner-major.
    size_t stride;
    /// Whether element (i, k) is elements[k·stride + i], otherwise it is elements[i·stride + k].
    int inner_major;
};

/// product[i, j] = scale·Σ_k a(i, k)·b(j, k), [rows, columns], plus product[i, j] with `adds`, plus
/// bias[j] with `bias`.
///
/// Only elements with column ≤ row + reach are wanted; the others may stay or be written.
///
/// Every element is a sum of chains of multiply-adds, one a part of the inner dimension, in order;
/// the parts depend on `inner` alone, so neither other rows nor other columns change its bits.
struct vector_math_panel_product {
    struct vector_math_factor a;
    struct vector_math_factor b;
    float *product;
    size_t product_stride;
    /// At least 1, like the columns and the inner dimension.
    size_t rows;
    size_t columns;
    size_t inner;
    size_t reach;
    float scale;
    int adds;
    /// [columns], or NULL.
    const float *bias;
};

/// Instruction sets: every processor; AVX2 with FMA; AVX-512.
enum vector_math_level { vector_math_baseline, vector_math_v3, vector_math_v4 };

/// How many floats of scratch memory, 64-byte aligned, a product needs, whatever its shape.
size_t vector_math_panel_product_scratch(enum vector_math_level level);

/// Computes the product, which must not overlap the factors and the bias, and is not read without
/// `adds`. The processor must have the instructions of the level.
void vector_math_panel_product(
    const struct vector_math_panel_product *p, enum vector_math_level level, float *scratch);

#endif
