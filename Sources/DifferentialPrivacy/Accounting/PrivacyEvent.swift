/// What was, or will be, done with the private corpus, as far as the guarantee depends on it.
///
/// A value: plans make it, the ledger stores it, accountants read it. Noise multipliers are the
/// noise's standard deviation divided by the L2 sensitivity of the released vector.
public indirect enum PrivacyEvent: Equatable, Sendable {
    /// One release with Gaussian noise of the given multiplier, at least 0.
    case gaussian(noiseMultiplier: Double)
    /// One choice whose probabilities' logarithms move by amounts that span at most `range`, in nats.
    ///
    /// The exponential mechanism is one: see `ExponentialMechanism`. At least 0.
    case exponential(range: Double)
    /// An event run on a sample that each unit joins independently with `probability`.
    case poissonSampled(probability: Double, PrivacyEvent)
    /// The same event `count` times, with fresh randomness each time.
    case repeated(PrivacyEvent, count: Int)
    /// Several events on the same corpus, in any order, later ones possibly chosen by earlier results.
    case composed([PrivacyEvent])
    /// A release without any guarantee: epsilon is infinite.
    case nonPrivate
}

extension PrivacyEvent {
    /// A DP-SGD training: `steps` Poisson-subsampled Gaussians.
    ///
    /// - `noiseMultiplier`: Noise over clipping norm.
    /// - `samplingProbability`: The chance of each unit to join each step, in [0, 1].
    /// - `steps`: The number of steps, at least 0.
    /// - Result: The event, not yet validated; the accountants do that.
    public static func training(
        noiseMultiplier: Double,
        samplingProbability: Double,
        steps: Int
    ) -> PrivacyEvent {
        .repeated(
            .poissonSampled(
                probability: samplingProbability,
                .gaussian(noiseMultiplier: noiseMultiplier)
            ),
            count: steps
        )
    }

    /// `count` choices of the same range, each free to depend on those before, such as a text's tokens.
    public static func exponentials(range: Double, count: Int) -> PrivacyEvent {
        .repeated(.exponential(range: range), count: count)
    }

    /// `count` Gaussian releases without subsampling, such as the votes of Private Evolution.
    public static func gaussians(noiseMultiplier: Double, count: Int) -> PrivacyEvent {
        .repeated(.gaussian(noiseMultiplier: noiseMultiplier), count: count)
    }
}
