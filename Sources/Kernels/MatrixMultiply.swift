import COpenBLAS

/// Matrix products through single-threaded BLAS; the owner of its thread count.
///
/// Parallelism lies above, in `ParallelFor`: each product runs on the calling thread, so its bits
/// do not depend on how many threads work beside it.
package enum MatrixMultiply {
    /// Whether a factor is used as it lies in memory or transposed.
    package enum Layout: Sendable {
        case normal
        case transposed

        fileprivate var flag: CBLAS_TRANSPOSE {
            switch self {
            case .normal: CblasNoTrans
            case .transposed: CblasTrans
            }
        }
    }

    /// Done once, before the first product.
    private static let singleThreaded: Void = openblas_set_num_threads(1)

    /// The kernel family that BLAS chose for this processor, such as "SkylakeX".
    package static var coreName: String {
        guard let name = unsafe openblas_get_corename() else { return "unknown" }
        return unsafe String(cString: name)
    }

    /// product = alpha · op(a) · op(b) + beta · product.
    ///
    /// With `beta` 0 the old contents are not read, so they may be NaN. Shapes must agree;
    /// the matrices must not overlap. An inner dimension of 0 gives beta · product.
    package static func multiply(
        _ a: Matrix,
        _ aLayout: Layout = .normal,
        _ b: Matrix,
        _ bLayout: Layout = .normal,
        into product: Matrix,
        alpha: Float = 1,
        beta: Float = 0
    ) {
        let (rows, inner) = aLayout == .normal ? (a.rows, a.columns) : (a.columns, a.rows)
        let (innerB, columns) = bLayout == .normal ? (b.rows, b.columns) : (b.columns, b.rows)
        precondition(
            inner == innerB && rows == product.rows && columns == product.columns,
            "cannot multiply \(rows)×\(inner) by \(innerB)×\(columns) into "
                + "\(product.rows)×\(product.columns)"
        )
        guard rows > 0, columns > 0 else { return }
        _ = singleThreaded
        unsafe cblas_sgemm(
            CblasRowMajor,
            aLayout.flag,
            bLayout.flag,
            Int32(rows),
            Int32(columns),
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
