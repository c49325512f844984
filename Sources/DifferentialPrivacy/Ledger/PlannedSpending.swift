/// A kind of release and how many of it there are.
public struct PlannedSpending: Codable, Equatable, Sendable {
    /// What one of them costs.
    public let event: PrivacyEvent
    /// How many, at least 1.
    public internal(set) var count: Int

    /// States `count` releases of one kind.
    public init(event: PrivacyEvent, count: Int) {
        self.event = event
        self.count = count
    }
}
