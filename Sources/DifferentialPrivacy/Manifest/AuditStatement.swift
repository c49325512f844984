import Foundation

/// What an audit of the mechanism measured: what `audit mechanism --json` prints, as far as a release
/// states it.
///
/// The audited steps have noise of their own, so μ and ε here are the audit's, not the release's: they
/// tell whether the build adds the noise that it claims.
public struct AuditStatement: Codable, Equatable, Sendable {
    /// What every such figure is.
    public static let standardNote = "a lower bound, not a proof"

    /// Name and version of the product that was audited.
    public var product: String
    /// Which build of it.
    public var build: PrivacyManifest.BuildDescription
    /// How it was measured.
    public var method: String
    /// Whether all that was measured is compatible with what is claimed.
    public var isWithinClaim: Bool
    /// The confidence of all bounds together, in (0, 1).
    public var confidence: Double
    /// Steps run in each of the two worlds.
    public var draws: Int
    /// μ that the audited noise claims.
    public var claimedMu: Double
    /// What the true μ exceeds, with that confidence.
    public var lowerBoundOfMu: Double
    /// The δ of the two ε.
    public var delta: Double
    /// ε that follows from the claimed μ.
    public var claimedEpsilon: Double
    /// ε that follows from the bound of μ.
    public var lowerBoundOfEpsilon: Double
    /// What the figures are.
    public var note: String

    private enum CodingKeys: String, CodingKey {
        case product, build, method, confidence, draws, delta, note
        case isWithinClaim = "within_claim"
        case claimedMu = "mu_claimed"
        case lowerBoundOfMu = "mu_lower_bound"
        case claimedEpsilon = "epsilon_claimed"
        case lowerBoundOfEpsilon = "epsilon_lower_bound"
    }

    /// Reads what `audit mechanism --json` printed.
    ///
    /// - Throws: `ManifestError.unreadableAudit`.
    public init(fileContents bytes: [UInt8], path: String) throws(ManifestError) {
        let decoder = JSONDecoder.spellingInfinity()
        guard let found = try? decoder.decode(Self.self, from: Data(bytes)), found.isPlausible
        else {
            throw .unreadableAudit(path: path)
        }
        self = found
    }

    private var isPlausible: Bool {
        confidence > 0 && confidence < 1 && draws > 0 && claimedMu > 0 && lowerBoundOfMu >= 0
            && delta > 0 && delta < 1
    }

    /// Refuses an audit that says nothing about a release, or says that its claim is false.
    ///
    /// - Parameters:
    ///   - product: Name and version of the product that the run was made with.
    ///   - build: The build that makes the release.
    ///   - path: Where the audit was read, for messages.
    /// - Throws: `ManifestError.otherBuild`, `.refuted`.
    public func require(
        product: String,
        build: PrivacyManifest.BuildDescription,
        path: String
    ) throws(ManifestError) {
        guard self.product == product, self.build == build else {
            throw .otherBuild(path: path, audited: self.product, released: product)
        }
        guard isWithinClaim, lowerBoundOfMu <= claimedMu else { throw .refuted(path: path) }
    }

    /// One sentence for people.
    public var sentence: String {
        let percent = String(format: "%g", 100 * confidence)
        return "with \(percent) % confidence the audited noise, which claims μ = "
            + "\(BoundText.roundedUp(claimedMu)), gives away at least μ = "
            + "\(BoundText.roundedDown(lowerBoundOfMu)) (\(draws) draws in each of two worlds):"
            + " \(note)"
    }
}
