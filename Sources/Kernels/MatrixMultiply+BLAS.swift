import COpenBLAS

/// The system's BLAS: for products in double precision, and to measure our own products against.
extension MatrixMultiply {
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

    /// The instruction set that a family of kernels uses; nil for a family that is not known here.
    ///
    /// OpenBLAS' families for x86. What has AVX alone counts as baseline, as for our own kernels.
    package static func instructionSet(ofCore name: String) -> InstructionSet? {
        switch name.lowercased() {
        case "skylakex", "cooperlake", "sapphirerapids": .avx512
        case "haswell", "zen", "excavator": .avx2
        case "sandybridge", "bulldozer", "piledriver", "steamroller", "katmai", "coppermine",
            "northwood", "prescott", "banias", "core2", "penryn", "dunnington", "nehalem", "atom",
            "athlon", "opteron", "opteron_sse3", "barcelona", "bobcat", "nano", "generic":
            .baseline
        default: nil
        }
    }

    /// Whether BLAS runs with kernels for older processors than this one, as an OpenBLAS does that was
    /// built before the processor.
    package static var coreIsOlderThanProcessor: Bool {
        instructionSet(ofCore: coreName).map { $0 < InstructionSet.processor } ?? false
    }

    /// product = a·b through BLAS: what our own products are measured against.
    package static func multiplyByBLAS(_ a: Matrix, _ b: Matrix, into product: Matrix) {
        require(product, a.rows, a.columns, b.rows, b.columns)
        _ = singleThreaded
        unsafe cblas_sgemm(
            CblasRowMajor,
            CblasNoTrans,
            CblasNoTrans,
            Int32(product.rows),
            Int32(product.columns),
            Int32(a.columns),
            1,
            a.base,
            Int32(max(a.rowStride, 1)),
            b.base,
            Int32(max(b.rowStride, 1)),
            0,
            product.base,
            Int32(max(product.rowStride, 1))
        )
    }
}
