/// The one entrance to accounting: what a composition of private releases guarantees.
public enum PrivacyAccounting {
    /// An upper bound of epsilon at `delta` for an event, by the accountant asked for.
    ///
    /// `best` takes the smallest of the valid bounds and names it: the exact curve if there is no
    /// subsampling and no choice of bounded range, else the privacy loss distribution or Rényi divergences. It also computes a lower
    /// bound of epsilon and throws if that exceeds any of the upper ones.
    ///
    /// | case | epsilon |
    /// |---|---|
    /// | no steps, or sampling probability 0 | 0 |
    /// | noise multiplier 0, or a non-private part | ∞ |
    /// | delta = 0 | ∞ unless nothing is revealed |
    /// | delta 1 or more | throws: it promises nothing |
    /// | a parameter NaN, negative or out of range | throws |
    /// | delta below 1e-12, or noise below 0.01 | `rdp` answers for `best`; `pld` throws |
    ///
    /// - `event`: Training, histograms, votes, in any composition.
    /// - `delta`: In [0, 1).
    /// - Errors: `PrivacyError`.
    public static func guarantee(
        of event: PrivacyEvent,
        delta: Double,
        accountant: Accountant = .best
    ) throws(PrivacyError) -> PrivacyGuarantee {
        let composition = try EventComposition(event)
        switch accountant {
        case .rdp: return try RDPAccountant.standard.guarantee(of: composition, delta: delta)
        case .pld: return try checkedPLD(of: composition, delta: delta)
        case .gaussian: return try GaussianAccountant().guarantee(of: composition, delta: delta)
        case .best: return try best(of: composition, delta: delta)
        }
    }

    private static func best(
        of composition: EventComposition,
        delta: Double
    ) throws(PrivacyError) -> PrivacyGuarantee {
        let rdp = try RDPAccountant.standard.guarantee(of: composition, delta: delta)
        if composition.isGaussian {
            let exact = try GaussianAccountant().guarantee(of: composition, delta: delta)
            try check(lower: exact.epsilon * (1 - 1e-11), upper: rdp)
            return exact
        }
        guard delta >= PLDAccountant.smallestDelta, rdp.epsilon.isFinite else {
            return rdp
        }
        // A loss distribution that needs too fine a grid is no reason to have no guarantee.
        guard let pld = try settled(composition, delta: delta) else { return rdp }
        return pld.epsilon < rdp.epsilon ? pld : rdp
    }

    /// The checked distribution, or nil if it did not converge.
    private static func settled(
        _ composition: EventComposition,
        delta: Double
    ) throws(PrivacyError) -> PrivacyGuarantee? {
        do throws(PrivacyError) {
            return try checkedPLD(of: composition, delta: delta)
        } catch {
            guard case .didNotConverge = error else { throw error }
            return nil
        }
    }

    private static func checkedPLD(
        of composition: EventComposition,
        delta: Double
    ) throws(PrivacyError) -> PrivacyGuarantee {
        let (lower, upper) = try PLDAccountant().bracket(of: composition, delta: delta)
        let pld = PrivacyGuarantee(epsilon: upper, delta: delta, accountant: .pld)
        try check(lower: lower, upper: pld)
        try check(
            lower: lower,
            upper: RDPAccountant.standard.guarantee(of: composition, delta: delta)
        )
        return pld
    }

    private static func check(
        lower: Double,
        upper: PrivacyGuarantee
    ) throws(PrivacyError) {
        guard lower <= upper.epsilon * (1 + 1e-9) + 1e-12 else {
            throw .contradictoryBounds(
                lower: lower,
                upper: upper.epsilon,
                detail: "\(upper.accountant.rawValue) at delta \(upper.delta)"
            )
        }
    }
}
