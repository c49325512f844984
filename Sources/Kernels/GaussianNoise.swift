import CVectorMath

/// Turns uniform random bytes into noise; where the bytes come from is the caller's concern.
package enum GaussianNoise {
    /// Sets `normals` to standard normal draws, Box–Muller in double precision.
    ///
    /// Words 2p and 2p + 1 (little-endian, upper 53 bits of each) give normals 2p and 2p + 1, so
    /// |z| ≤ 8.58; what the cut leaves out has probability 1e-17 a draw.
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

    /// `values[i] = divisor⁻¹ · grid · round((values[i] + scale · normals[i]) / grid)` over `range`.
    ///
    /// The sum is formed and rounded in double precision and stored once as a float. As all
    /// results lie on one grid, their low bits say nothing about the values that went in.
    ///
    /// `grid` is a power of two; magnitudes up to grid·2⁵¹ are rounded exactly.
    package static func add(
        _ normals: [Double],
        scale: Double,
        grid: Double,
        divisor: Double,
        to values: FloatBuffer,
        in range: Range<Int>
    ) {
        precondition(normals.count >= range.count, "\(normals.count) normals for \(range.count)")
        let perGrid = 1 / grid
        let unit = grid / divisor
        // Adding 1.5·2⁵² leaves no bits behind the point; taking it away again leaves the integer.
        let roundingShift = 6_755_399_441_055_744.0
        values.withMutableSpan(range) { span in
            for index in 0..<range.count {
                let exact = (Double(span[index]) + scale * normals[index]) * perGrid
                span[index] = Float(((exact + roundingShift) - roundingShift) * unit)
            }
        }
    }
}
