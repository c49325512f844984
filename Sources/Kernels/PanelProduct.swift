import CVectorMath
import Synchronization

/// Matrix products by a kernel of our own, for processors with AVX-512.
///
/// Against BLAS it saves packing: each factor is packed once into panels of sixteen, and the next
/// panels are asked for while the present ones are multiplied. Gram matrices pack their one factor
/// once and compute the triangle alone. Measurements are in `Benchmarks/README.md`.
enum PanelProduct {
    /// Whether this processor has the instructions; without them nothing else here may be called.
    static let isAvailable = vector_math_has_panel_product() != 0
    /// With fewer columns than a panel has, more is padded than multiplied.
    static let leastColumns = 16

    /// Whether a product is worth packing for: by its columns, never by how many rows go together,
    /// so that a row's bits do not depend on the others.
    static func serves(_ product: Matrix, inner: Int) -> Bool {
        isAvailable && product.rows > 0 && product.columns >= leastColumns && inner > 0
    }

    /// Memory for packing, one piece for each product under way; kept for later products.
    ///
    /// A piece is as large as memory must be to lie in huge pages; what is never used of it takes
    /// none.
    private static let scratch = Mutex<[FloatBuffer]>([])
    private static let scratchCount = unsafe max(
        vector_math_panel_product_scratch(),
        AlignedMemory.mappedByteCount / MemoryLayout<Float>.stride
    )

    /// product = Σ_k a(·, k)·b(·, k) + bias, or `adding` that, in the columns up to row + `reach`.
    ///
    /// Shapes must agree, `bias` being [1, columns]; none may be empty, and `inner` not 0.
    static func multiply(
        _ a: MatrixMultiply.Factor,
        _ b: MatrixMultiply.Factor,
        inner: Int,
        into product: Matrix,
        reach: Int? = nil,
        adding: Bool = false,
        bias: Matrix? = nil
    ) {
        precondition(
            product.rows > 0 && product.columns > 0 && inner > 0 && reach ?? 0 >= 0,
            "\(product.rows)×\(inner)×\(product.columns), reach \(reach ?? 0)"
        )
        var description = unsafe vector_math_panel_product(
            a: factor(a),
            b: factor(b),
            product: product.base,
            product_stride: product.rowStride,
            rows: product.rows,
            columns: product.columns,
            inner: inner,
            reach: reach ?? product.columns,
            adds: adding ? 1 : 0,
            bias: bias?.base
        )
        let memory = scratch.withLock { $0.popLast() } ?? FloatBuffer(count: scratchCount)
        unsafe vector_math_panel_product(&description, memory.base)
        scratch.withLock { $0.append(memory) }
    }

    private static func factor(_ factor: MatrixMultiply.Factor) -> vector_math_factor {
        unsafe vector_math_factor(
            elements: factor.matrix.base,
            stride: factor.matrix.rowStride,
            inner_major: factor.isInnerMajor ? 1 : 0
        )
    }
}
