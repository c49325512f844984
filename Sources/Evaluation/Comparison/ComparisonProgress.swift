/// How far a comparison is.
public struct ComparisonProgress: Sendable, Equatable {
    /// What is being done, such as "similarity of dp-eps8".
    public let activity: String
    /// Steps finished before this one.
    public let finished: Int
    /// Steps in all.
    public let total: Int
}
