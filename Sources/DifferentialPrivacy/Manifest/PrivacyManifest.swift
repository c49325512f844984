/// What a released model or text guarantees, for whoever receives it: `privacy.json`.
///
/// Everything in it is public. ε follows from `spending.event` alone, so that anyone can compute it
/// again; `ManifestCheck` does, by other formulas than those that made it.
public struct PrivacyManifest: Codable, Equatable, Sendable {
    /// The form of the file and of its page that this product writes and reads.
    ///
    /// 2 added the commit, the figures of an audit, and how text was drawn.
    public static let currentSchema = 2
    /// The file's name.
    public static let fileName = "privacy.json"
    /// The name of the page for people, which says the same.
    public static let pageName = "PRIVACY.md"

    /// The form of the file.
    public var schema = currentSchema
    /// Name and version of the product that made the release.
    public var product: String
    /// How that product was built, and for what.
    public var build = BuildDescription()
    /// How the corpus was used.
    public var method: RunMethod
    /// False if nothing is promised, or the randomness followed from a seed: NOT PRIVATE.
    public var isPrivate: Bool
    /// ε of this release, rounded in no direction; infinite, written "inf", if nothing is promised.
    public var epsilon: Double
    /// The δ that ε is stated at; nil if nothing is promised.
    public var delta: Double?
    /// Who is protected against what.
    public var protection: Protection
    /// How the corpus was sampled, clipped and noised.
    public var mechanism: Mechanism
    /// Everything that ε follows from, and what else follows from it.
    public var spending: Spending
    /// The ledger that recorded it.
    public var ledger: LedgerStatement
    /// All that was released from the same corpus, this release included.
    public var corpus: CorpusTotal
    /// The public model that training began with; nil if there was none.
    public var baseModel: BaseModel?
    /// How settings were chosen.
    public var tuning: String
    /// How randomness was made.
    public var randomness: Randomness
    /// What an audit of this build says, and what it does not; plainly so if none was supplied.
    public internal(set) var audit: String
    /// The figures of that audit; nil if none was supplied.
    public var auditResult: AuditStatement? {
        didSet { audit = Self.auditText(auditResult, of: method) }
    }
    /// How text was drawn, if any is part of the release.
    public var sampling =
        "none is part of this release; drawing it from the model is post-processing and spends"
        + " nothing"
    /// What the guarantee does not cover.
    public var knownLimits: [String]
    /// What only a person can know to be true.
    public var assumptions: [String]
    /// What a reader must not overlook, NOT PRIVATE first.
    public var warnings: [String]
    /// Whom to ask about it; nil if nobody was named.
    public var contact: String?
    /// The other files of the release.
    public var files: [ReleasedFile]

    private enum CodingKeys: String, CodingKey {
        case schema, product, build, method, epsilon, delta, protection, mechanism, spending
        case ledger, corpus, tuning, randomness, audit, sampling, assumptions, warnings, contact
        case files
        case isPrivate = "private"
        case baseModel = "base_model"
        case knownLimits = "known_limits"
        case auditResult = "audit_result"
    }
}

extension PrivacyManifest {
    /// The guarantee that the release is made under; nil if nothing is promised.
    public var guarantee: PrivacyGuarantee? { spending.statement?.guarantee }
}
