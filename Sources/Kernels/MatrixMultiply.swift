import COpenBLAS

/// Matrix products through single-threaded BLAS; the owner of its thread count.
///
/// Parallelism lies above, in `ParallelFor`: each product runs on the calling thread, so its bits
/// do not depend on how many threads work beside it.
package enum MatrixMultiply {
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
        run(CblasNoTrans, a, CblasNoTrans, b, a.columns, product, alpha, beta)
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
        run(CblasNoTrans, a, CblasTrans, b, a.columns, product, alpha, beta)
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
        run(CblasTrans, a, CblasNoTrans, b, a.rows, product, alpha, beta)
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
        _ aLayout: CBLAS_TRANSPOSE,
        _ a: Matrix,
        _ bLayout: CBLAS_TRANSPOSE,
        _ b: Matrix,
        _ inner: Int,
        _ product: Matrix,
        _ alpha: Float,
        _ beta: Float
    ) {
        guard product.rows > 0, product.columns > 0 else { return }
        _ = singleThreaded
        unsafe cblas_sgemm(
            CblasRowMajor,
            aLayout,
            bLayout,
            Int32(product.rows),
            Int32(product.columns),
            Int32(inner),
            alpha,
            a.base,
            Int32(max(a.rowStride, 1)),
            b.base,
            Int32(max(b.rowStride, 1)),
            beta,
            product.base,
            Int32(max(product.rowStride, 1))
        )
    }

    /// The lower triangle of product = a·aᵀ, [rows, rows]; the upper triangle is not written.
    package static func gram(_ a: Matrix, into product: Matrix) {
        precondition(
            product.rows == a.rows && product.columns == a.rows,
            "the Gram matrix of \(a.rows) rows is not \(product.rows)×\(product.columns)"
        )
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
