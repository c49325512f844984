/// The answers that need no accountant.
package enum TrivialGuarantee {
    /// Epsilon if it follows from the extremes alone, else nil.
    ///
    /// | case | epsilon |
    /// |---|---|
    /// | delta negative, 1 or more, or NaN | throws |
    /// | nothing revealed (no steps, or q = 0) | 0 |
    /// | a release without noise | ∞ |
    /// | delta = 0 | ∞ |
    package static func epsilon(
        of composition: EventComposition,
        delta: Double
    ) throws(PrivacyError) -> Double? {
        guard delta >= 0, delta < 1 else {
            throw .parameter(.delta, value: delta, allowed: "in [0, 1)")
        }
        if composition.isEmpty { return 0 }
        if composition.isNonPrivate || delta == 0 { return .infinity }
        return nil
    }
}
