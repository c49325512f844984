/// Which pairs of corpora the guarantee makes hard to tell apart.
///
/// One case, on purpose: every sensitivity and every accountant of this target is derived for it,
/// and every report prints it. Under replacement of a unit the same noise guarantees less.
public enum NeighboringRelation: String, Codable, Sendable, CaseIterable {
    /// One privacy unit is added or removed; the guarantee covers both directions.
    case addOrRemoveOne = "add_or_remove_one"
}
