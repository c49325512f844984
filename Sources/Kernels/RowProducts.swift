import CVectorMath

/// The inner products of the rows of two matrices, a·bᵀ, with a bound of their rounding.
///
/// What norms are made of. A kernel of its own, since a bound that holds for any order of `width`
/// additions is too loose to be of use: here sixteen sums run side by side, and chunks of them are
/// added in double precision. A row's products do not depend on the rows beside it.
///
/// With α and β the lengths of the rows, γ = k·2⁻²⁴/(1 − k·2⁻²⁴), and k the roundings on the way of
/// one product, Higham 2002, section 3.1:
///
///     |fl(⟨a_t, b_s⟩) − ⟨a_t, b_s⟩| ≤ γ·α_t·β_s + width·2⁻¹⁴⁹
///
/// The last summand is what products may lose that underflow.
package struct RowProducts {
    /// [rows of a, rows of b].
    let products: Matrix
    /// Lengths of the rows of a and of b.
    let rowNorms: [Double]
    let columnNorms: [Double]
    private let width: Int

    /// a·bᵀ in memory of `scratch`.
    init(_ a: Matrix, _ b: Matrix, scratch: Arena) {
        products = scratch.matrix(rows: a.rows, columns: b.rows)
        (rowNorms, columnNorms) = (a.rowNorms, b.rowNorms)
        width = a.columns
        Self.multiply(a, b, into: products, lower: false)
    }

    /// a·aᵀ, of which the lower triangle is defined, in memory of `scratch`; `norms` are those of the
    /// rows of a.
    init(gramOf a: Matrix, norms: [Double], scratch: Arena) {
        products = scratch.matrix(rows: a.rows, columns: a.rows)
        rowNorms = norms
        columnNorms = rowNorms
        width = a.columns
        Self.multiply(a, a, into: products, lower: true)
    }

    /// Σ products·other.products over all pairs, with a bound of its distance from the truth.
    ///
    /// With products P + p, Q + q of which p and q are errors, the error is pQ' + qP' − pq with the
    /// computed P' = P + p and Q' = Q + q.
    func dot(_ other: RowProducts, lower: Bool) -> BoundedValue {
        products.requireShape(of: other.products)
        var result = [0.0, 0, 0]
        unsafe withDescription { mine in
            unsafe other.withDescription { theirs in
                unsafe vector_math_bounded_dot(
                    mine,
                    theirs,
                    products.rows,
                    products.columns,
                    lower ? 1 : 0,
                    &result
                )
            }
        }
        let (mine, theirs) = (Self.roundingBound(width), Self.roundingBound(other.width))
        let magnitude = magnitudeBound * other.magnitudeBound
        let pairs = products.rows * products.columns
        return BoundedValue(
            value: result[0],
            error: mine * result[1] + theirs * result[2]
                + (mine * theirs + BoundedValue.doubleBound(pairs + 8)) * magnitude
                + underflow(width, other.magnitudeBound) + underflow(other.width, magnitudeBound)
        )
    }

    /// Σ products[t, s]·other[t, places[s]], with a bound of its distance from the truth.
    func dot(_ other: Matrix, columns places: ArraySlice<Int32>) -> BoundedValue {
        precondition(
            products.rows == other.rows && products.columns == places.count,
            "\(products.rows)×\(products.columns) against \(places.count) columns"
        )
        precondition(
            places.allSatisfy { $0 >= 0 && $0 < other.columns },
            "a column outside 0..<\(other.columns)"
        )
        var result = [0.0, 0]
        unsafe withDescription { mine in
            unsafe places.withUnsafeBufferPointer { places in
                guard let first = places.baseAddress else { return }
                unsafe vector_math_bounded_gathered_dot(
                    mine,
                    other.base,
                    other.rowStride,
                    other.rows,
                    first,
                    places.count,
                    &result
                )
            }
        }
        let pairs = products.rows * products.columns
        let rounding = Self.roundingBound(width) + BoundedValue.doubleBound(pairs + 8)
        let largest = other.rowNorms.max() ?? 0
        return BoundedValue(
            value: result[0],
            error: rounding * 1.001 * result[1] + underflow(width, largest * Double(pairs))
        )
    }

    /// γ for rows of `width` elements.
    static func roundingBound(_ width: Int) -> Double {
        let chunk = (min(width, Int(VECTOR_MATH_ROW_PRODUCT_CHUNK)) + 15) / 16
        let block = Int(VECTOR_MATH_ROW_PRODUCT_BLOCK)
        return BoundedValue.floatBound(chunk + 4 + (width + block - 1) / block)
    }

    /// Σ_t α_t · Σ_s β_s, which bounds the sum of all magnitudes.
    private var magnitudeBound: Double { rowNorms.reduce(0, +) * columnNorms.reduce(0, +) }

    private func underflow(_ width: Int, _ partner: Double) -> Double {
        0x1p-149 * Double(width) * partner
    }

    private static func multiply(_ a: Matrix, _ b: Matrix, into product: Matrix, lower: Bool) {
        precondition(a.columns == b.columns, "\(a.columns) columns against \(b.columns)")
        guard a.columns > 0 else { return product.fill(with: 0) }
        unsafe vector_math_row_products(
            a.base,
            a.rowStride,
            a.rows,
            b.base,
            b.rowStride,
            b.rows,
            a.columns,
            lower ? 1 : 0,
            product.base,
            product.rowStride
        )
    }

    private func withDescription(
        _ body: (UnsafePointer<vector_math_row_products_of>) -> Void
    ) {
        unsafe rowNorms.withUnsafeBufferPointer { rows in
            unsafe columnNorms.withUnsafeBufferPointer { columns in
                var description = unsafe vector_math_row_products_of(
                    products: products.base,
                    stride: products.rowStride,
                    row_norms: rows.baseAddress,
                    column_norms: columns.baseAddress
                )
                unsafe body(&description)
            }
        }
    }
}
