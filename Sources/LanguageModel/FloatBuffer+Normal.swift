import Kernels

extension FloatBuffer {
    /// Sets the elements of `range` to draws from N(0, deviation²).
    ///
    /// Works in blocks, so that memory stays small for large matrices.
    func fillNormal(
        _ range: Range<Int>,
        deviation: Double,
        using generator: inout some RandomNumberGenerator
    ) {
        fill(range, with: 0)
        var start = range.lowerBound
        while start < range.upperBound {
            let block = start..<min(start + 4096, range.upperBound)
            let words = (0..<GaussianTransform.wordCount(for: block.count)).map { _ in
                generator.next()
            }
            GaussianTransform.add(words: words, scale: deviation, to: self, in: block)
            start = block.upperBound
        }
    }
}
