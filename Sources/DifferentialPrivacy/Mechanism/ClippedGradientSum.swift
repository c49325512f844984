package import Kernels

/// The sum of the units' clipped gradients, before noise; private.
///
/// The only way on is `GaussianMechanism.privatize`, which consumes it: that noise is forgotten or
/// added twice does not compile. The floats live in one buffer that travels from here into the
/// `PrivatizedGradient` and back, so a step allocates nothing.
public struct ClippedGradientSum: ~Copyable, Sendable {
    /// The bound C on the L2 norm of one unit's contribution; nil where nothing was clipped.
    public let maxGradNorm: Double?
    let buffer: FloatBuffer

    /// Starts the sum of `count` coordinates at zero.
    package init(count: Int, maxGradNorm: Double?) {
        self.init(zeroed: FloatBuffer(count: count), maxGradNorm: maxGradNorm)
    }

    init(zeroed buffer: FloatBuffer, maxGradNorm: Double?) {
        self.buffer = buffer
        self.maxGradNorm = maxGradNorm
    }

    /// The number of coordinates, padding between parameters included.
    public var count: Int { buffer.count }

    /// What turns squared norms into factors for this sum.
    public var clippingFactors: ClippingFactors { ClippingFactors(maxGradNorm: maxGradNorm) }

    /// Lends the buffer to the code that adds scaled gradients to it.
    ///
    /// `body` must keep neither the buffer nor copies of what is in it.
    package mutating func accumulate<Failure: Error>(
        _ body: (FloatBuffer) throws(Failure) -> Void
    ) throws(Failure) {
        try body(buffer)
    }

    /// How far the sum can move, in L2 norm, between neighbouring corpora.
    ///
    /// - Returns: C when one unit is added or removed; ∞ where nothing was clipped.
    public func sensitivity(for relation: NeighboringRelation) -> Double {
        switch relation {
        case .addOrRemoveOne: maxGradNorm ?? .infinity
        }
    }
}
