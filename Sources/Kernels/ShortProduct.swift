import CVectorMath

/// Products a·bᵀ of few rows: Gram matrices and attention scores.
///
/// BLAS packs both factors as if they were large, which for 64 rows takes as long as the product
/// itself. With AVX-512 a kernel of our own is about 1.8 times as fast (64 rows, Zen 5); elsewhere
/// BLAS does it.
enum ShortProduct {
    private static let isAvailable = vector_math_has_short_product() != 0

    /// How many elements of scratch memory a product of `rows` rows needs.
    static func scratchCount(rows: Int) -> Int {
        isAvailable ? vector_math_short_product_scratch(rows) : 0
    }

    /// The lower triangle of product = a·aᵀ, [rows, rows]; the upper one is undefined.
    static func gram(_ a: Matrix, into product: Matrix, scratch: Arena) {
        guard isAvailable, a.columns > 0 else { return MatrixMultiply.gram(a, into: product) }
        scratch.scoped {
            let memory = scratch.matrix(rows: 1, columns: scratchCount(rows: a.rows))
            multiply(a, transposed: a, into: product, reach: 0, scratch: memory)
        }
    }

    /// product = a·bᵀ in the columns up to row + `reach`; those beyond are undefined.
    ///
    /// - Parameters:
    ///   - a: [rows, inner].
    ///   - b: [columns, inner].
    ///   - product: [rows, columns].
    ///   - reach: How far the columns of row 0 are wanted.
    ///   - scratch: At least `scratchCount(rows:)` elements in one row.
    static func multiply(
        _ a: Matrix,
        transposed b: Matrix,
        into product: Matrix,
        reach: Int,
        scratch: Matrix
    ) {
        guard isAvailable, a.columns > 0 else {
            return MatrixMultiply.multiply(a, transposed: b, into: product)
        }
        precondition(
            a.columns == b.columns && a.rows == product.rows && b.rows == product.columns,
            "cannot multiply \(a.rows)×\(a.columns) by the transpose of \(b.rows)×\(b.columns) "
                + "into \(product.rows)×\(product.columns)"
        )
        precondition(
            scratch.columns >= scratchCount(rows: a.rows) && reach >= 0,
            "scratch of \(scratch.columns) elements for \(a.rows) rows, reach \(reach)"
        )
        var description = unsafe vector_math_short_product(
            a: a.base,
            a_stride: a.rowStride,
            b: b.base,
            b_stride: b.rowStride,
            product: product.base,
            product_stride: product.rowStride,
            rows: a.rows,
            columns: b.rows,
            inner: a.columns,
            reach: reach
        )
        unsafe vector_math_short_product(&description, scratch.base)
    }
}
