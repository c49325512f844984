import CVectorMath
import Glibc
import Synchronization

/// Matrix products by kernels of our own, for AVX-512, for AVX2 with FMA, and for any processor.
///
/// An element's bits depend on its row, its column and the inner dimension alone, never on the other
/// rows and columns. Against BLAS they save packing: each factor is packed once into panels as wide
/// as a vector, and the next panels are asked for while the present ones are multiplied. Of
/// a product of which a triangle is wanted, such as causal scores, the rest is left out. Measurements are
/// in `Benchmarks/README.md`.
enum PanelProduct {
    /// Memory for packing, one piece for each product under way; kept for later products.
    ///
    /// A piece is as large as memory must be to lie in huge pages; what is never used of it takes
    /// none.
    private static let scratch = Mutex<[FloatBuffer]>([])
    private static let scratchCount = unsafe max(
        AlignedMemory.mappedByteCount / MemoryLayout<Float>.stride,
        vector_math_panel_product_scratch(vector_math_baseline),
        vector_math_panel_product_scratch(vector_math_v3),
        vector_math_panel_product_scratch(vector_math_v4)
    )

    /// product = scale · Σ_k a(·, k)·b(·, k) + bias, or `adding` that, in the columns up to
    /// row + `reach`.
    ///
    /// Shapes must agree, `bias` being [1, columns]; none may be empty, and `inner` not 0. The
    /// processor must have the instruction set.
    static func multiply(
        _ a: MatrixMultiply.Factor,
        _ b: MatrixMultiply.Factor,
        inner: Int,
        into product: Matrix,
        scale: Float = 1,
        reach: Int? = nil,
        adding: Bool = false,
        bias: Matrix? = nil,
        on instructions: InstructionSet = .ofProducts
    ) {
        precondition(
            product.rows > 0 && product.columns > 0 && inner > 0 && reach ?? 0 >= 0,
            "\(product.rows)×\(inner)×\(product.columns), reach \(reach ?? 0)"
        )
        #if DEBUG
        if RowOrderFault.splits(product, inner) {
            for (part, adds) in [(0..<inner / 2, adding), (inner / 2..<inner, true)] {
                run(
                    RowOrderFault.part(part, of: a),
                    RowOrderFault.part(part, of: b),
                    part.count,
                    product,
                    scale,
                    reach,
                    adds,
                    part.lowerBound == 0 ? bias : nil,
                    instructions
                )
            }
            return
        }
        #endif
        run(a, b, inner, product, scale, reach, adding, bias, instructions)
    }

    private static func run(
        _ a: MatrixMultiply.Factor,
        _ b: MatrixMultiply.Factor,
        _ inner: Int,
        _ product: Matrix,
        _ scale: Float,
        _ reach: Int?,
        _ adding: Bool,
        _ bias: Matrix?,
        _ instructions: InstructionSet
    ) {
        var description = unsafe vector_math_panel_product(
            a: factor(a),
            b: factor(b),
            product: product.base,
            product_stride: product.rowStride,
            rows: product.rows,
            columns: product.columns,
            inner: inner,
            reach: reach ?? product.columns,
            scale: scale,
            adds: adding ? 1 : 0,
            bias: bias?.base
        )
        let memory = scratch.withLock { $0.popLast() } ?? FloatBuffer(count: scratchCount)
        unsafe vector_math_panel_product(&description, instructions.level, memory.base)
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

#if DEBUG
/// Plants a bug for tests: an odd number of rows, of four or more terms, adds up in two halves.
enum RowOrderFault {
    private static let isPlanted = unsafe getenv("DPSCRIBE_PLANT_ROW_ORDER") != nil

    static func splits(_ product: Matrix, _ inner: Int) -> Bool {
        isPlanted && product.rows % 2 == 1 && inner >= 4
    }

    static func part(_ range: Range<Int>, of factor: MatrixMultiply.Factor) -> MatrixMultiply.Factor
    {
        factor.isInnerMajor
            ? .init(columns: factor.matrix.rows(range))
            : .init(rows: factor.matrix.columns(range))
    }
}
#endif
