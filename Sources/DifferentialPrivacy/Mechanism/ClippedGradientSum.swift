package import Kernels

/// The sum of the units' clipped gradients, before noise; private.
///
/// The only way on is `GaussianMechanism.privatize`, which consumes it: that noise is forgotten or
/// added twice does not compile. The floats live in one buffer that travels from here into the
/// `PrivatizedGradient` and back, so a step allocates nothing.
public struct ClippedGradientSum: ~Copyable, Sendable {
    /// What turns squared norms into factors for this sum.
    public let clippingFactors: ClippingFactors
    let buffer: FloatBuffer

    /// Starts the sum of `count` coordinates at zero.
    package init(count: Int, maxGradNorm: Double?) {
        self.init(count: count, clippingFactors: ClippingFactors(maxGradNorm: maxGradNorm))
    }

    init(count: Int, clippingFactors: ClippingFactors) {
        self.init(zeroed: FloatBuffer(count: count), clippingFactors: clippingFactors)
    }

    init(zeroed buffer: FloatBuffer, clippingFactors: ClippingFactors) {
        self.buffer = buffer
        self.clippingFactors = clippingFactors
    }

    /// The bound C on the L2 norm of one unit's contribution; nil where nothing was clipped.
    public var maxGradNorm: Double? { clippingFactors.maxGradNorm }

    /// The number of coordinates, padding between parameters included.
    public var count: Int { buffer.count }

    /// Lends the buffer to the code that adds scaled gradients to it.
    ///
    /// `body` must keep neither the buffer nor copies of what is in it.
    package mutating func accumulate<Failure: Error>(
        _ body: (FloatBuffer) throws(Failure) -> Void
    ) throws(Failure) {
        clippingFactors.seam.countAccumulation()
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
