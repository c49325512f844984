#ifndef SHORTPRODUCT_H
#define SHORTPRODUCT_H

#include <stddef.h>

// MARK: Products a·bᵀ of few rows, where a BLAS spends its time on packing

/// product = a·bᵀ, [rows, columns], with a [rows, inner] and b [columns, inner], inner > 0.
///
/// Only elements with column ≤ row + reach are wanted; the others may stay or be written. Every
/// element is a sum of chains of multiply-adds over at most 256 columns each, in order.
struct vector_math_short_product {
    const float *a;
    size_t a_stride;
    const float *b;
    size_t b_stride;
    float *product;
    size_t product_stride;
    size_t rows;
    size_t columns;
    size_t inner;
    size_t reach;
};

/// Whether this processor has the instructions for it: AVX-512. Without them it must not be called.
int vector_math_has_short_product(void);

/// How many floats of scratch memory a product of `rows` rows needs.
size_t vector_math_short_product_scratch(size_t rows);

/// Computes the product.
void vector_math_short_product(const struct vector_math_short_product *p, float *scratch);

#endif
