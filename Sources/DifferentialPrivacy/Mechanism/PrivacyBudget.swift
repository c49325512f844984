/// What a run may spend: a target (ε, δ), or no limit for a run that is NOT PRIVATE.
public enum PrivacyBudget: Codable, Equatable, Sendable {
    /// At most ε at δ.
    case limited(epsilon: Double, delta: Double)
    /// ε = ∞: nothing is promised.
    case unlimited

    /// States a target that is asked for; ranges are for `validate` to check.
    ///
    /// - Throws: `PrivacyError.missingDelta` for a finite ε without δ.
    package init(epsilon: Double, delta: Double?) throws(PrivacyError) {
        if epsilon == .infinity {
            self = .unlimited
        } else {
            guard let delta else { throw .missingDelta }
            self = .limited(epsilon: epsilon, delta: delta)
        }
    }

    /// The target ε; ∞ if there is none.
    public var epsilon: Double {
        switch self {
        case .limited(let epsilon, _): epsilon
        case .unlimited: .infinity
        }
    }

    /// The target δ, if there is one.
    public var delta: Double? {
        switch self {
        case .limited(_, let delta): delta
        case .unlimited: nil
        }
    }

    /// Checks ranges: ε in (0, ∞), δ in (0, 1/N).
    ///
    /// - Throws: `PrivacyError.parameter`.
    package func validate(unitCount: Int) throws(PrivacyError) {
        guard case .limited(let epsilon, let delta) = self else { return }
        guard epsilon > 0, epsilon < .infinity else {
            throw .parameter(
                .epsilon,
                value: Double(epsilon),
                allowed: "positive and finite, or inf"
            )
        }
        guard delta > 0, delta < 1 / Double(unitCount) else {
            throw .parameter(
                .delta,
                value: Double(delta),
                allowed: "above 0 and below 1/N = \(1 / Double(unitCount))"
            )
        }
    }

    private enum CodingKeys: CodingKey { case epsilon, delta }

    /// Decodes what `encode` wrote.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        if let delta = try values.decodeIfPresent(Double.self, forKey: .delta) {
            self = .limited(epsilon: try values.decode(Double.self, forKey: .epsilon), delta: delta)
        } else {
            guard try values.decode(String.self, forKey: .epsilon) == "inf" else {
                throw DecodingError.dataCorruptedError(
                    forKey: .epsilon,
                    in: values,
                    debugDescription: "epsilon without delta"
                )
            }
            self = .unlimited
        }
    }

    /// Encodes ε and δ as numbers, or ε as "inf".
    public func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        switch self {
        case .limited(let epsilon, let delta):
            try values.encode(epsilon, forKey: .epsilon)
            try values.encode(delta, forKey: .delta)
        case .unlimited:
            try values.encode("inf", forKey: .epsilon)
        }
    }
}
