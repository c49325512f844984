#include "CVectorMath.h"
#include "InstructionSets.h"

#include <string.h>

enum {
    /// Floats that are summed side by side.
    LANES = 16,
    /// Columns whose sums stay in single precision.
    CHUNK = VECTOR_MATH_ROW_PRODUCT_CHUNK,
    /// Columns of a block: those of two hundred rows stay in a second-level cache.
    BLOCK = VECTOR_MATH_ROW_PRODUCT_BLOCK,
    /// Rows of a and of b in a tile: twelve of the sixteen registers of AVX2 hold sums.
    ROWS = 3,
    COLUMNS = 2,
};

typedef float lanes __attribute__((vector_size(64), aligned(4)));
typedef float halves __attribute__((vector_size(32)));
typedef float quarters __attribute__((vector_size(16)));
typedef double totals __attribute__((vector_size(32)));

/// A tile of the product; `width` columns of the rows are multiplied.
struct row_tile {
    const float *a, *b;
    size_t a_stride, b_stride, width;
    float *product;
    size_t product_stride;
    int adds;
};

/// Adds sixteen sums to four: two additions in single precision, one in double.
INLINE void add_lanes(const lanes *sums, totals *total) {
    const halves half = __builtin_shufflevector(*sums, *sums, 0, 1, 2, 3, 4, 5, 6, 7) +
        __builtin_shufflevector(*sums, *sums, 8, 9, 10, 11, 12, 13, 14, 15);
    const quarters quarter = __builtin_shufflevector(half, half, 0, 1, 2, 3) +
        __builtin_shufflevector(half, half, 4, 5, 6, 7);
    *total += __builtin_convertvector(quarter, totals);
}

/// `rows` and `columns` are constants wherever this is inlined.
INLINE void multiply_columns(
    const struct row_tile *tile, size_t start, size_t end, const size_t rows, const size_t columns,
    totals sums[ROWS][COLUMNS]) {
    lanes chunk[ROWS][COLUMNS] = {0};
    size_t k = start;
    for (; k + LANES <= end; k += LANES) {
        lanes y[COLUMNS];
#pragma clang loop unroll(full)
        for (size_t j = 0; j < columns; j++) y[j] = *(const lanes *)(tile->b + j * tile->b_stride + k);
#pragma clang loop unroll(full)
        for (size_t i = 0; i < rows; i++) {
            const lanes x = *(const lanes *)(tile->a + i * tile->a_stride + k);
#pragma clang loop unroll(full)
            for (size_t j = 0; j < columns; j++) chunk[i][j] += x * y[j];
        }
    }
    if (k < end) {
        lanes x[ROWS] = {0}, y[COLUMNS] = {0};
        const size_t rest = (end - k) * sizeof(float);
        for (size_t i = 0; i < rows; i++) memcpy(&x[i], tile->a + i * tile->a_stride + k, rest);
        for (size_t j = 0; j < columns; j++) memcpy(&y[j], tile->b + j * tile->b_stride + k, rest);
        for (size_t i = 0; i < rows; i++)
            for (size_t j = 0; j < columns; j++) chunk[i][j] += x[i] * y[j];
    }
#pragma clang loop unroll(full)
    for (size_t i = 0; i < rows; i++)
#pragma clang loop unroll(full)
        for (size_t j = 0; j < columns; j++) add_lanes(&chunk[i][j], &sums[i][j]);
}

INLINE void multiply_tile(const struct row_tile *tile, const size_t rows, const size_t columns) {
    totals sums[ROWS][COLUMNS] = {0};
    for (size_t k = 0; k < tile->width; k += CHUNK)
        multiply_columns(
            tile, k, tile->width - k < CHUNK ? tile->width : k + CHUNK, rows, columns, sums);
    for (size_t i = 0; i < rows; i++)
        for (size_t j = 0; j < columns; j++) {
            float *target = tile->product + i * tile->product_stride + j;
            const totals t = sums[i][j];
            const double sum = (t[0] + t[1]) + (t[2] + t[3]);
            *target = (float)(tile->adds ? (double)*target + sum : sum);
        }
}

MULTIVERSION
void vector_math_row_products(
    const float *a, size_t a_stride, size_t rows, const float *b, size_t b_stride, size_t columns,
    size_t width, int lower, float *product, size_t product_stride) {
    for (size_t start = 0; start < width; start += BLOCK)
        for (size_t i = 0, height; i < rows; i += height) {
            height = rows - i >= ROWS ? ROWS : 1;
            const size_t reach = lower && i + height < columns ? i + height : columns;
            for (size_t j = 0, count; j < reach; j += count) {
                count = reach - j >= COLUMNS ? COLUMNS : 1;
                const struct row_tile tile = {
                    .a = a + i * a_stride + start,
                    .b = b + j * b_stride + start,
                    .a_stride = a_stride,
                    .b_stride = b_stride,
                    .width = width - start < BLOCK ? width - start : BLOCK,
                    .product = product + i * product_stride + j,
                    .product_stride = product_stride,
                    .adds = start > 0,
                };
                if (height == ROWS && count == COLUMNS) multiply_tile(&tile, ROWS, COLUMNS);
                else if (height == ROWS) multiply_tile(&tile, ROWS, 1);
                else if (count == COLUMNS) multiply_tile(&tile, 1, COLUMNS);
                else multiply_tile(&tile, 1, 1);
            }
        }
}

double fabs(double);

MULTIVERSION
void vector_math_bounded_dot(
    const struct vector_math_row_products_of *first,
    const struct vector_math_row_products_of *second, size_t rows, size_t columns, int lower,
    double result[3]) {
    VECTOR_SUMS
    double value = 0, first_error = 0, second_error = 0;
    for (size_t i = 0; i < rows; i++) {
        const float *a = first->products + i * first->stride;
        const float *b = second->products + i * second->stride;
        const double *p = first->column_norms, *q = second->column_norms;
        double sum = 0, a_sum = 0, b_sum = 0;
        // Below the diagonal each element counts for two.
        const size_t count = lower ? i : columns;
        for (size_t j = 0; j < count; j++) {
            sum += (double)a[j] * (double)b[j];
            a_sum += fabs((double)a[j]) * q[j];
            b_sum += fabs((double)b[j]) * p[j];
        }
        if (lower) {
            sum = 2 * sum + (double)a[i] * (double)b[i];
            a_sum = 2 * a_sum + fabs((double)a[i]) * q[i];
            b_sum = 2 * b_sum + fabs((double)b[i]) * p[i];
        }
        value += sum;
        first_error += b_sum * first->row_norms[i];
        second_error += a_sum * second->row_norms[i];
    }
    result[0] = value;
    result[1] = first_error;
    result[2] = second_error;
}

MULTIVERSION
void vector_math_bounded_gathered_dot(
    const struct vector_math_row_products_of *products, const float *second, size_t second_stride,
    size_t rows, const int *places, size_t count, double result[2]) {
    VECTOR_SUMS
    double value = 0, error = 0;
    for (size_t i = 0; i < rows; i++) {
        const float *a = products->products + i * products->stride;
        const float *b = second + i * second_stride;
        double sum = 0, magnitude = 0;
        for (size_t j = 0; j < count; j++) {
            const double element = b[places[j]];
            sum += (double)a[j] * element;
            magnitude += fabs(element) * products->column_norms[j];
        }
        value += sum;
        error += magnitude * products->row_norms[i];
    }
    result[0] = value;
    result[1] = error;
}
