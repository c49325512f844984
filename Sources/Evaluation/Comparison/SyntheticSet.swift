/// One method's synthetic texts, as a comparison receives them.
public struct SyntheticSet: Sendable {
    /// The row's name.
    public var name: String
    /// Which curve the row belongs to when several are given at several ε; the name if `nil`.
    public var series: String?
    /// The texts.
    public var set: TextSet
    /// The guarantee they come with, if one is known.
    public var claim: PrivacyClaim?
    /// What a reader must know, such as "the folder mixes kept and varied texts".
    public var notes: [String]

    /// Describes one method's texts.
    public init(
        name: String,
        series: String? = nil,
        set: TextSet,
        claim: PrivacyClaim? = nil,
        notes: [String] = []
    ) {
        self.name = name
        self.series = series
        self.set = set
        self.claim = claim
        self.notes = notes
    }
}
