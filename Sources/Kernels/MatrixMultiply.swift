/// Matrix products in single precision.
///
/// An element's bits depend on its row of a, its column of b and the inner dimension alone: whatever
/// rows are multiplied together, each gets the same result as alone.
///
/// Parallelism lies above, in `ParallelFor`: each product runs on the calling thread, so its bits
/// do not depend on how many threads work beside it.
package enum MatrixMultiply {
    /// A factor as the vectors of the inner dimension: its rows, or its columns.
    struct Factor {
        let matrix: Matrix
        /// Whether the rows of the matrix are the elements k of all vectors.
        let isInnerMajor: Bool

        init(rows matrix: Matrix) { (self.matrix, isInnerMajor) = (matrix, false) }
        init(columns matrix: Matrix) { (self.matrix, isInnerMajor) = (matrix, true) }
    }

    /// product = alpha · a·b, or `adding` that to it.
    ///
    /// Without `adding` the old contents are not read, so they may be NaN. Shapes must agree;
    /// `product` must not overlap the factors. An inner dimension of 0 gives 0.
    package static func multiply(
        _ a: Matrix,
        _ b: Matrix,
        into product: Matrix,
        alpha: Float = 1,
        adding: Bool = false
    ) {
        require(product, a.rows, a.columns, b.rows, b.columns)
        run(Factor(rows: a), Factor(columns: b), a.columns, product, alpha, adding)
    }

    /// product = a·b + bias, or `adding` that to it; the bias, [1, columns], goes to every row.
    ///
    /// An inner dimension of 0 gives the bias. Nil is a bias of zeros.
    package static func multiply(
        _ a: Matrix,
        _ b: Matrix,
        bias: Matrix?,
        into product: Matrix,
        adding: Bool = false
    ) {
        require(product, a.rows, a.columns, b.rows, b.columns)
        if let bias {
            precondition(
                bias.rows == 1 && bias.columns == product.columns,
                "a bias of \(bias.rows)×\(bias.columns) for \(product.columns) columns"
            )
        }
        run(Factor(rows: a), Factor(columns: b), a.columns, product, 1, adding, bias: bias)
    }

    /// product = alpha · a·bᵀ, or `adding` that to it.
    package static func multiply(
        _ a: Matrix,
        transposed b: Matrix,
        into product: Matrix,
        alpha: Float = 1,
        adding: Bool = false
    ) {
        require(product, a.rows, a.columns, b.columns, b.rows)
        run(Factor(rows: a), Factor(rows: b), a.columns, product, alpha, adding)
    }

    /// product = alpha · aᵀ·b, or `adding` that to it.
    package static func multiply(
        transposed a: Matrix,
        _ b: Matrix,
        into product: Matrix,
        alpha: Float = 1,
        adding: Bool = false
    ) {
        require(product, a.columns, a.rows, b.rows, b.columns)
        run(Factor(columns: a), Factor(columns: b), a.rows, product, alpha, adding)
    }

    /// product = a·bᵀ in the columns up to row + `reach`; those beyond are undefined.
    static func multiply(
        _ a: Matrix,
        transposed b: Matrix,
        into product: Matrix,
        reach: Int
    ) {
        require(product, a.rows, a.columns, b.columns, b.rows)
        run(Factor(rows: a), Factor(rows: b), a.columns, product, 1, false, reach: reach)
    }

    static func require(
        _ product: Matrix,
        _ rows: Int,
        _ inner: Int,
        _ innerB: Int,
        _ columns: Int
    ) {
        precondition(
            inner == innerB && rows == product.rows && columns == product.columns,
            "cannot multiply \(rows)×\(inner) by \(innerB)×\(columns) into "
                + "\(product.rows)×\(product.columns)"
        )
    }

    private static func run(
        _ a: Factor,
        _ b: Factor,
        _ inner: Int,
        _ product: Matrix,
        _ alpha: Float,
        _ adding: Bool,
        reach: Int? = nil,
        bias: Matrix? = nil
    ) {
        guard product.rows > 0, product.columns > 0 else { return }
        guard inner > 0 else {
            if !adding { product.fill(with: 0) }
            if let bias { product.addToRows(bias) }
            return
        }
        PanelProduct.multiply(
            a,
            b,
            inner: inner,
            into: product,
            scale: alpha,
            reach: reach,
            adding: adding,
            bias: bias
        )
    }
}
