import Foundation

/// What a released model or text guarantees, for whoever receives it: `privacy.json`.
///
/// Everything in it is public. ε follows from `spending.event` alone, so that anyone can compute it
/// again; `ManifestCheck` does, by other formulas than those that made it.
public struct PrivacyManifest: Codable, Equatable, Sendable {
    /// The form of the file and of its page that this product writes and reads.
    ///
    /// 2 added the commit, the figures of an audit, and how text was drawn; 3 the digest of
    /// `privacy.json` on the page, those of the ledger's first line and of the run's description, and
    /// the key of a signature.
    public static let currentSchema = 3
    /// The file's name.
    public static let fileName = "privacy.json"
    /// The name of the page for people, which says the same.
    public static let pageName = "PRIVACY.md"
    /// The name of the signature of the file, 64 bytes of Ed25519, if there is one.
    public static let signatureName = "privacy.json.sig"

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
    public var sampling: String
    /// What the guarantee does not cover.
    public var knownLimits: [String]
    /// What only a person can know to be true.
    public var assumptions: [String]
    /// What a reader must not overlook, NOT PRIVATE first.
    public var warnings: [String]
    /// Whom to ask about it; nil if nobody was named.
    public var contact: String?
    /// The key that the file is signed with: SHA-256 of the public key in DER; nil if it is not signed.
    public var signedBy: ContentDigest?
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
        case signedBy = "signed_by"
    }
}

extension PrivacyManifest {
    /// The guarantee that the release is made under; nil if nothing is promised.
    public var guarantee: PrivacyGuarantee? { spending.statement?.guarantee }

    /// Said of a run whose ledger remembers diagnostics, whether or not their file is still there.
    package static let diagnosticsWarning =
        "Private diagnostics of this run were written for its curator. They are not part of this"
        + " release and have no guarantee."
}

/// The part of a manifest that says how to read the rest.
private struct Form: Decodable { let schema: Int }

extension PrivacyManifest {
    /// The bytes of `privacy.json`: keys in order, infinity as "inf".
    public func fileContents() throws -> [UInt8] {
        Array(try JSONEncoder.spellingInfinity(.prettyPrinted).encode(self)) + [UInt8(ascii: "\n")]
    }

    /// Reads what `fileContents` wrote.
    ///
    /// - Throws: `ManifestError.unreadable` for anything else, `.unknownSchema` for another form.
    public init(fileContents bytes: [UInt8], path: String) throws(ManifestError) {
        let decoder = JSONDecoder.spellingInfinity()
        guard let form = try? decoder.decode(Form.self, from: Data(bytes)) else {
            throw .unreadable(path: path)
        }
        guard form.schema == Self.currentSchema else {
            throw .unknownSchema(path: path, schema: form.schema)
        }
        guard let manifest = try? decoder.decode(Self.self, from: Data(bytes)) else {
            throw .unreadable(path: path)
        }
        self = manifest
    }

    /// Writes `PRIVACY.md` and then `privacy.json` into the folder of a release, durably.
    ///
    /// - Throws: `LedgerError` if a file is there already or cannot be written.
    package func write(to folder: String, files: any FileOperations = SystemFiles()) throws {
        try files.writeNewFile(folder + "/" + Self.pageName, Array(try page.utf8))
        try files.writeNewFile(folder + "/" + Self.fileName, try fileContents())
        try files.synchronizeFolder(folder)
    }
}

extension PrivacyManifest {
    /// States what a run's ledger says, with the parts that only its method knows.
    ///
    /// - Parameters:
    ///   - record: The ledger of the run, checked.
    ///   - runs: All ledgers on the same corpus, this one among them.
    ///   - protection: Who is protected.
    ///   - mechanism: How.
    /// - Throws: `PrivacyError` if ε cannot be bounded.
    public init(
        record: LedgerRecord,
        runs: [LedgerRecord],
        protection: Protection,
        mechanism: Mechanism
    ) throws(PrivacyError) {
        let header = record.header
        let delta = header.budget.delta
        let event = record.spending.event
        let statement = try Self.statement(of: event, delta: delta)
        let total = try Self.total(of: runs, under: header)
        product = header.product
        method = header.method
        isPrivate = header.isPrivate
        epsilon = statement?.guarantee.epsilon ?? .infinity
        self.delta = delta
        self.protection = protection
        self.mechanism = mechanism
        spending = Spending(
            targetEpsilon: header.budget.epsilon,
            event: event,
            statement: statement
        )
        ledger = LedgerStatement(record)
        corpus = total
        tuning = Self.tuning(of: header.method, runs: runs.count)
        randomness = Randomness(isInsecure: header.isInsecure, noiseKind: mechanism.noiseKind)
        audit = Self.auditText(nil, of: header.method)
        sampling = Self.sampling(of: header.method)
        knownLimits = Self.limits(of: header.method)
        assumptions = Self.assumptions(of: header.method)
        warnings =
            (header.isPrivate ? [] : ["NOT PRIVATE: this release gives no guarantee."])
            + (header.isInsecure ? ["The randomness follows from --insecure-seed."] : [])
        files = []
    }

    private static func statement(
        of event: PrivacyEvent,
        delta: Double?
    ) throws(PrivacyError) -> PrivacyStatement? {
        guard let delta else { return nil }
        return try PrivacyStatement(of: event, delta: delta)
    }

    private static func total(
        of runs: [LedgerRecord],
        under header: LedgerHeader
    ) throws(PrivacyError) -> CorpusTotal {
        var spending = PrivacySpending()
        for run in runs { spending.merge(run.spending(by: header.unit)) }
        return CorpusTotal(
            runs: runs.count,
            event: spending.event,
            guarantee: try spending.guarantee(under: header.budget)
        )
    }
}
