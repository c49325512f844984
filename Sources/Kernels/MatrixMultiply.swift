import COpenBLAS

/// Matrix products: the panel kernel where the processor has AVX-512, else single-threaded BLAS.
///
/// BLAS also multiplies where there are fewer than 16 columns, or another `alpha` or `beta`; there, a
/// row's bits may depend on the rows beside it.
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

    /// Done once, before BLAS or LAPACK are first called.
    static let singleThreaded: Void = openblas_set_num_threads(1)

    /// The kernel family that BLAS chose for this processor, such as "SkylakeX".
    package static var coreName: String {
        guard let name = unsafe openblas_get_corename() else { return "unknown" }
        return unsafe String(cString: name)
    }

    /// Version and build options of the BLAS, such as "OpenBLAS 0.3.26 DYNAMIC_ARCH …".
    ///
    /// Asked once: OpenBLAS puts the text together in one buffer for all threads, so that two that ask
    /// at the same time can get a mixture, and with it another step key.
    package static let buildDescription: String = {
        guard let text = unsafe openblas_get_config() else { return "unknown" }
        return unsafe String(cString: text)
    }()

    /// product = alpha · a·b + beta · product.
    ///
    /// With `beta` 0 the old contents are not read, so they may be NaN. Shapes must agree;
    /// `product` must not overlap the factors. An inner dimension of 0 gives beta · product.
    package static func multiply(
        _ a: Matrix,
        _ b: Matrix,
        into product: Matrix,
        alpha: Float = 1,
        beta: Float = 0
    ) {
        require(product, a.rows, a.columns, b.rows, b.columns)
        run(Factor(rows: a), Factor(columns: b), a.columns, product, alpha, beta)
    }

    /// product = a·b + bias, or `adding` that to it; the bias, [1, columns], goes to every row.
    ///
    /// An inner dimension of 0 gives the bias.
    package static func multiply(
        _ a: Matrix,
        _ b: Matrix,
        bias: Matrix,
        into product: Matrix,
        adding: Bool = false
    ) {
        require(product, a.rows, a.columns, b.rows, b.columns)
        precondition(
            bias.rows == 1 && bias.columns == product.columns,
            "a bias of \(bias.rows)×\(bias.columns) for \(product.columns) columns"
        )
        let (left, right) = (Factor(rows: a), Factor(columns: b))
        guard PanelProduct.serves(product, inner: a.columns) else {
            adding ? product.addToRows(bias) : product.fillRows(with: bias)
            return run(left, right, a.columns, product, 1, 1)
        }
        PanelProduct.multiply(
            left,
            right,
            inner: a.columns,
            into: product,
            adding: adding,
            bias: bias
        )
    }

    /// product = alpha · a·bᵀ + beta · product.
    package static func multiply(
        _ a: Matrix,
        transposed b: Matrix,
        into product: Matrix,
        alpha: Float = 1,
        beta: Float = 0
    ) {
        require(product, a.rows, a.columns, b.columns, b.rows)
        run(Factor(rows: a), Factor(rows: b), a.columns, product, alpha, beta)
    }

    /// product = alpha · aᵀ·b + beta · product.
    package static func multiply(
        transposed a: Matrix,
        _ b: Matrix,
        into product: Matrix,
        alpha: Float = 1,
        beta: Float = 0
    ) {
        require(product, a.columns, a.rows, b.rows, b.columns)
        run(Factor(columns: a), Factor(columns: b), a.rows, product, alpha, beta)
    }

    private static func require(
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
        _ beta: Float
    ) {
        if PanelProduct.serves(product, inner: inner), alpha == 1, beta == 0 || beta == 1 {
            PanelProduct.multiply(a, b, inner: inner, into: product, adding: beta == 1)
        } else if product.rows > 0, product.columns > 0 {
            multiplyByBLAS(a, b, inner, product, alpha, beta)
        }
    }

    private static func multiplyByBLAS(
        _ a: Factor,
        _ b: Factor,
        _ inner: Int,
        _ product: Matrix,
        _ alpha: Float,
        _ beta: Float
    ) {
        _ = singleThreaded
        unsafe cblas_sgemm(
            CblasRowMajor,
            a.isInnerMajor ? CblasTrans : CblasNoTrans,
            b.isInnerMajor ? CblasNoTrans : CblasTrans,
            Int32(product.rows),
            Int32(product.columns),
            Int32(inner),
            alpha,
            a.matrix.base,
            Int32(max(a.matrix.rowStride, 1)),
            b.matrix.base,
            Int32(max(b.matrix.rowStride, 1)),
            beta,
            product.base,
            Int32(max(product.rowStride, 1))
        )
    }

    /// product = a·b through BLAS wherever it runs: what other products are measured against.
    package static func multiplyByBLAS(_ a: Matrix, _ b: Matrix, into product: Matrix) {
        require(product, a.rows, a.columns, b.rows, b.columns)
        multiplyByBLAS(Factor(rows: a), Factor(columns: b), a.columns, product, 1, 0)
    }

    /// product = a·bᵀ in the columns up to row + `reach`; those beyond are undefined.
    static func multiply(
        _ a: Matrix,
        transposed b: Matrix,
        into product: Matrix,
        reach: Int
    ) {
        require(product, a.rows, a.columns, b.columns, b.rows)
        guard PanelProduct.isAvailable, a.columns > 0, product.rows > 0, product.columns > 0 else {
            return multiply(a, transposed: b, into: product)
        }
        PanelProduct.multiply(
            Factor(rows: a),
            Factor(rows: b),
            inner: a.columns,
            into: product,
            reach: reach
        )
    }

    /// The lower triangle of product = a·aᵀ, [rows, rows]; the upper one is undefined.
    package static func gram(_ a: Matrix, into product: Matrix) {
        guard !PanelProduct.isAvailable else {
            return multiply(a, transposed: a, into: product, reach: 0)
        }
        require(product, a.rows, a.columns, a.columns, a.rows)
        guard a.rows > 0 else { return }
        _ = singleThreaded
        unsafe cblas_ssyrk(
            CblasRowMajor,
            CblasLower,
            CblasNoTrans,
            Int32(a.rows),
            Int32(a.columns),
            1,
            a.base,
            Int32(max(a.rowStride, 1)),
            0,
            product.base,
            Int32(max(product.rowStride, 1))
        )
    }
}
