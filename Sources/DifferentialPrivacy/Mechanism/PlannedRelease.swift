/// A release besides the training steps that the plan pays for, such as noisy label counts.
public struct PlannedRelease: Codable, Equatable, Sendable {
    /// What the names of a label probe's steps in the ledger begin with.
    package static let labelProbePrefix = "label-probe "

    /// Its name in the ledger.
    public let name: String
    /// What it costs.
    public let event: PrivacyEvent

    /// Whether it is a step of a label probe.
    package var isLabelProbeStep: Bool { name.hasPrefix(Self.labelProbePrefix) }

    /// Plans a release.
    public init(name: String, event: PrivacyEvent) {
        self.name = name
        self.event = event
    }
}
