package import Kernels

/// A released gradient: noised sum divided by the public expected batch size.
///
/// Only `GaussianMechanism` makes one. All that is computed from it is post-processing.
public struct PrivatizedGradient: ~Copyable, Sendable {
    /// The clipping that applied, handed on to the next step's sum.
    private let clippingFactors: ClippingFactors
    private let buffer: FloatBuffer

    init(noised buffer: FloatBuffer, clippingFactors: ClippingFactors) {
        self.buffer = buffer
        self.clippingFactors = clippingFactors
    }

    /// The number of coordinates.
    public var count: Int { buffer.count }

    /// The gradient, [count], for the optimizer to read.
    package var values: FloatBuffer { buffer }

    /// Ends this step: the same buffer, zeroed, as the sum of the next.
    package consuming func recycled() -> ClippedGradientSum {
        buffer.fill(0..<buffer.count, with: 0)
        return ClippedGradientSum(zeroed: buffer, clippingFactors: clippingFactors)
    }
}
