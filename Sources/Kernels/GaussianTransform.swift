import CVectorMath

/// Standard normals from random words by the Box–Muller transform, in double precision.
///
///     z₂ₚ = √(−2 ln u)·cos 2πv,  z₂ₚ₊₁ = √(−2 ln u)·sin 2πv        Box and Muller 1958
///
/// u = (k + 1)/2⁵³ and v = l/2⁵³ come from the upper 53 bits of two words, so |z| ≤ 8.58. The
/// transform is accurate to 1e-14 relative to the largest of the pair. It draws no randomness.
package enum GaussianTransform {
    /// How many words `count` normals need: two for each pair.
    package static func wordCount(for count: Int) -> Int { count + count % 2 }

    /// Adds scale · z to `target[range]`, each sum computed in double and rounded once to float.
    ///
    /// `words` holds at least `wordCount(for: range.count)` independent uniform words.
    package static func add(
        words: [UInt64],
        scale: Double,
        to target: FloatBuffer,
        in range: Range<Int>
    ) {
        precondition(
            words.count >= wordCount(for: range.count),
            "\(words.count) words are too few for \(range.count) normals"
        )
        precondition(
            range.lowerBound >= 0 && range.upperBound <= target.count,
            "\(range) outside 0..<\(target.count)"
        )
        unsafe words.withUnsafeBufferPointer { source in
            guard let start = source.baseAddress else { return }
            unsafe vector_math_add_gaussian(
                start,
                range.count,
                scale,
                target.base + range.lowerBound
            )
        }
    }

    /// `count` standard normals from at least `wordCount(for: count)` independent uniform words.
    package static func normals(words: [UInt64], count: Int) -> [Double] {
        precondition(
            words.count >= wordCount(for: count),
            "\(words.count) words are too few for \(count) normals"
        )
        return unsafe [Double](unsafeUninitializedCapacity: count) { target, initialized in
            unsafe words.withUnsafeBufferPointer { source in
                if let start = source.baseAddress, let result = target.baseAddress {
                    unsafe vector_math_gaussian(start, count, result)
                }
            }
            initialized = count
        }
    }
}
