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
        var start = range.lowerBound
        while start < range.upperBound {
            let block = start..<min(start + 4096, range.upperBound)
            var normals = [Double](repeating: 0, count: block.count)
            // Normals are made in pairs.
            let words = (0..<block.count + block.count % 2).map { _ in generator.next() }
            GaussianNoise.fill(&normals, from: words)
            store(normals.map { Float(deviation * $0) }, at: start)
            start = block.upperBound
        }
    }
}
