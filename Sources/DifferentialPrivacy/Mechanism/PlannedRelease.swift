/// A release besides the training steps that the plan pays for, such as noisy label counts.
public struct PlannedRelease: Codable, Equatable, Sendable {
    /// Its name in the ledger.
    public let name: String
    /// What it costs.
    public let event: PrivacyEvent

    /// Plans a release.
    public init(name: String, event: PrivacyEvent) {
        self.name = name
        self.event = event
    }
}
