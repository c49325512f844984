import CVectorMath

/// Turns uniform random bytes into noise; where the bytes come from is the caller's concern.
///
///     z₂ₚ = √(−2 ln u)·cos 2πv,  z₂ₚ₊₁ = √(−2 ln u)·sin 2πv        Box and Muller 1958
///
/// u = (k + 1)/2⁵³ and v = l/2⁵³ come from the upper 53 bits of two words. The transform is
/// accurate to 1e-14 relative to the largest of the pair.
package enum GaussianNoise {
    /// Sets `normals` to standard normal draws, in double precision.
    ///
    /// Words 2p and 2p + 1, little-endian, give normals 2p and 2p + 1. |z| ≤ 8.58; what the cut leaves out has probability 1e-17 a draw.
    /// `bytes` holds 8 bytes a normal, their number rounded up to even.
    package static func fill(_ normals: inout [Double], from bytes: RawSpan) {
        let count = normals.count
        precondition(
            bytes.byteCount >= 8 * (count + count % 2),
            "\(bytes.byteCount) bytes are too few for \(count) normals"
        )
        unsafe bytes.withUnsafeBytes { source in
            unsafe normals.withUnsafeMutableBufferPointer { target in
                guard let words = source.baseAddress, let z = target.baseAddress else { return }
                unsafe vector_math_gaussian(
                    words.assumingMemoryBound(to: UInt64.self),
                    count,
                    z
                )
            }
        }
    }

    /// The same from words, as many as normals, rounded up to even.
    package static func fill(_ normals: inout [Double], from words: [UInt64]) {
        unsafe fill(&normals, from: words.span.bytes)
    }

    /// `values[i] = divisor⁻¹ · grid · round((values[i] + scale · z[i]) / grid)` over `range`.
    ///
    /// z is what `fill` makes of the same bytes, at least 8 · `range.count` of them, the count
    /// rounded up to even. The sum is formed and rounded in double precision and stored once as a
    /// float. As all results lie on one grid, their low bits say nothing about the values that went
    /// in. `grid` is a power of two; magnitudes up to grid·2⁵¹ are rounded exactly.
    package static func release(
        _ bytes: RawSpan,
        scale: Double,
        grid: Double,
        divisor: Double,
        in values: FloatBuffer,
        range: Range<Int>
    ) {
        let count = range.count
        precondition(
            bytes.byteCount >= 8 * (count + count % 2),
            "\(bytes.byteCount) bytes are too few for \(count) normals"
        )
        values.requireInside(range)
        unsafe bytes.withUnsafeBytes { source in
            guard let words = source.baseAddress else { return }
            unsafe vector_math_release_gaussian(
                words.assumingMemoryBound(to: UInt64.self),
                count,
                scale,
                1 / grid,
                grid / divisor,
                values.base + range.lowerBound
            )
        }
    }
}
