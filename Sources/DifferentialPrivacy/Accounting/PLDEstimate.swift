/// On which side of the truth a discretised privacy loss lies.
package enum PLDEstimate: Sendable {
    /// Never below the true epsilon: what is reported.
    case pessimistic
    /// Never above the true epsilon: a check on the other bounds.
    case optimistic
}
