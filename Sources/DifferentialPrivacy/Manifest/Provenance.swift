/// What comes from a private corpus guarantees, in a file beside it: weights, or synthetic text.
///
/// It is a mark, not a statement to sign: `PrivacyManifest` is that one. Weights that leave their run
/// carry it in `provenance.json`; a text has it in `NAME.privacy.json`, bound by a digest, so that it says
/// nothing about a text that was changed or replaced. Everything in it is public.
public struct Provenance: Equatable, Sendable {
    /// How far a run had come when its weights were read.
    public struct Progress: Codable, Equatable, Sendable {
        /// The step that the weights are of; nil if no weights were read.
        public let step: Int?
        /// Steps that were planned, or iterations of an evolution.
        public let steps: Int
        /// What the ledger's entries cost so far; infinite, written "inf", without a target.
        public let spent: PrivacyGuarantee
    }

    /// The form of the file.
    public private(set) var schema = 1
    /// Name and version of the product that wrote it.
    public let product: String
    /// The command that the guarantee comes from.
    public let method: RunMethod
    /// False if nothing is promised: NOT PRIVATE.
    public private(set) var isPrivate: Bool
    /// ε is infinite, written "inf", if there was no target; before the run's end, that of the whole
    /// plan, or what was spent if more.
    public let guarantee: PrivacyGuarantee
    /// How far an unfinished run had come; nil for one that is finished.
    public let progress: Progress?
    /// What is protected.
    public let unit: PrivacyUnit
    /// Which corpora are neighbours.
    public let relation: NeighboringRelation
    /// The run, 32 hexadecimal digits.
    public let run: String
    /// What a reader must not overlook, NOT PRIVATE first; none for a text.
    public private(set) var warnings: [String]
    /// The text that it is bound to, in hexadecimal; nil for weights.
    public private(set) var textDigest: String?

    /// False if the run had steps left.
    public var isFinished: Bool { progress == nil }
}

extension Provenance {
    /// What a run's ledger says.
    ///
    /// - Parameters:
    ///   - record: The ledger, checked.
    ///   - step: The step that the weights are of; nil if none were read.
    ///   - product: Name and version of this product.
    /// - Throws: `PrivacyError` if ε cannot be bounded.
    public init(_ record: LedgerRecord, step: Int?, product: String) throws(PrivacyError) {
        let header = record.header
        self.product = product
        method = header.method
        isPrivate = header.isPrivate
        guarantee = try Self.guarantee(of: record)
        progress =
            record.isFinished
            ? nil
            : Progress(
                step: step,
                steps: header.planned.map(\.count).max() ?? 0,
                spent: try record.guarantee() ?? .vacuous
            )
        unit = header.unit
        relation = header.relation
        run = header.runIdentifier
        warnings =
            (header.budget == .unlimited ? ["NOT PRIVATE: the run had no target."] : [])
            + (header.isInsecure
                ? ["NOT PRIVATE: the randomness follows from --insecure-seed."] : [])
            + (record.hasDiagnostics ? [PrivacyManifest.diagnosticsWarning] : [])
    }

    /// What the manifest of a release says; only a finished run has one.
    public init(_ manifest: PrivacyManifest, product: String) {
        let protection = manifest.protection
        self.product = product
        method = manifest.method
        isPrivate = manifest.isPrivate
        guarantee = manifest.guarantee ?? .vacuous
        progress = nil
        unit = protection.unit
        relation = protection.relation
        run = manifest.ledger.run
        warnings = manifest.warnings
    }

    /// What a run's ledger says; of one that has steps left, what they will cost as well.
    ///
    /// Whoever takes a model out of a run has seen how good it is by then, so that the number of
    /// steps is no constant fixed beforehand: the plan's ε is promised, not that of the steps so far.
    private static func guarantee(
        of record: LedgerRecord
    ) throws(PrivacyError) -> PrivacyGuarantee {
        guard let spent = try record.guarantee() else { return .vacuous }
        guard !record.isFinished else { return spent }
        let planned = try PrivacyAccounting.guarantee(
            of: record.header.plannedEvent,
            delta: spent.delta
        )
        return planned.epsilon < spent.epsilon ? spent : planned
    }

    /// The mark of weights that leave their run's folder: before its end they are NOT PRIVATE.
    public var ofCopy: Provenance {
        guard !isFinished, isPrivate else { return self }
        var copy = self
        copy.isPrivate = false
        copy.warnings.insert(
            "NOT PRIVATE: copied before the run was finished, while its secret exists. Finish it,"
                + " then use `dpscribe release`.",
            at: 0
        )
        return copy
    }

    /// The same, bound to the text with that SHA-256.
    public func bound(toText digest: String) -> Provenance {
        var bound = self
        bound.textDigest = digest
        bound.warnings = []
        return bound
    }
}

extension Provenance: Codable {
    private enum CodingKeys: String, CodingKey {
        case schema, product, method, guarantee, progress, unit, relation, run, warnings
        case isPrivate = "private"
        case isFinished = "finished"
        case textDigest = "text_sha256"
    }

    /// Reads the mark of weights or of a text.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        schema = try values.decode(Int.self, forKey: .schema)
        product = try values.decode(String.self, forKey: .product)
        method = try values.decode(RunMethod.self, forKey: .method)
        isPrivate = try values.decode(Bool.self, forKey: .isPrivate)
        guarantee = try values.decode(PrivacyGuarantee.self, forKey: .guarantee)
        progress = try values.decodeIfPresent(Progress.self, forKey: .progress)
        unit = try values.decode(PrivacyUnit.self, forKey: .unit)
        relation = try values.decode(NeighboringRelation.self, forKey: .relation)
        run = try values.decode(String.self, forKey: .run)
        textDigest = try values.decodeIfPresent(String.self, forKey: .textDigest)
        guard textDigest == nil else {
            warnings = []
            return
        }
        warnings = try values.decode([String].self, forKey: .warnings)
        guard try values.decode(Bool.self, forKey: .isFinished) == (progress == nil) else {
            throw DecodingError.dataCorruptedError(
                forKey: .isFinished,
                in: values,
                debugDescription: "a finished run has no progress, and only that"
            )
        }
    }

    /// Writes the mark; that of a text has its digest in the place of `finished` and `warnings`.
    public func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(schema, forKey: .schema)
        try values.encode(product, forKey: .product)
        try values.encode(method, forKey: .method)
        try values.encode(isPrivate, forKey: .isPrivate)
        try values.encode(guarantee, forKey: .guarantee)
        try values.encodeIfPresent(progress, forKey: .progress)
        try values.encode(unit, forKey: .unit)
        try values.encode(relation, forKey: .relation)
        try values.encode(run, forKey: .run)
        if let textDigest {
            try values.encode(textDigest, forKey: .textDigest)
        } else {
            try values.encode(warnings, forKey: .warnings)
            try values.encode(isFinished, forKey: .isFinished)
        }
    }
}
