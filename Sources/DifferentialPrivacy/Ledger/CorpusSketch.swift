import Cryptography
import FoundationEssentials

/// What a ledger remembers of a corpus' records, so that they are recognised in another order, file
/// format, split or mixture.
///
///     hᵢ = the first 8 bytes of HMAC-SHA-256(key, "record text" ‖ 0 ‖ textᵢ)
///
/// Kept are the k smallest different hashes (a bottom-k sketch; Cohen and Kaplan, PODC 2007). A corpus
/// of fewer than k different texts is remembered whole. Labels, users and columns do not count: the
/// same text with another label is the same person's record.
///
/// Its hashes confirm no guess at a text without the key, but they show about how many texts there are:
/// a ledger holds it sealed; see `SealedSketch`.
public struct CorpusSketch: Hashable, Sendable {
    /// k, where a sketch is made.
    static let slots = 4_096

    /// Names the key that the hashes were made with.
    public let key: ContentDigest
    /// k, where this one was made.
    private let capacity: Int
    /// At most k, ascending, none 0.
    private let hashes: [UInt64]

    fileprivate init(key: ContentDigest, hashes: [UInt64]) {
        self.key = key
        capacity = Self.slots
        self.hashes = hashes
    }

    /// Remembers texts, in whatever order they come.
    public init(texts: some Sequence<[UInt8]>, key: FingerprintKey) {
        var builder = Builder(key: key)
        for text in texts { builder.add(text) }
        self = builder.sketch
    }

    /// Up to here, this sketch has every hash of its corpus.
    private var reach: UInt64 { hashes.count < capacity ? .max : hashes.last ?? .max }

    /// How much two corpora have in common, estimated where they are large; nil if nothing is seen.
    ///
    /// Of m common texts, those whose hashes both sketches reach are seen: all of them where both
    /// corpora have fewer than k texts, else each with probability about k/n for the larger n.
    public func overlap(with other: CorpusSketch) -> CorpusOverlap? {
        guard key == other.key else { return nil }
        let reach = min(reach, other.reach)
        let (own, others) = (hashes.prefix { $0 <= reach }, other.hashes.prefix { $0 <= reach })
        let common = Set(own).intersection(others).count
        guard common > 0 else { return nil }
        return CorpusOverlap(
            share: Double(common) / Double(own.count),
            shareOfOther: Double(common) / Double(others.count)
        )
    }
}

extension CorpusSketch {
    /// Makes a sketch of texts that come one after another, in little memory.
    public struct Builder {
        private let key: FingerprintKey
        private var hashes: [UInt64] = []
        private var reach = UInt64.max

        /// Begins with no text.
        public init(key: FingerprintKey) { self.key = key }

        /// Adds a text.
        ///
        /// White space around it and the form of its line ends do not count; a text of white space
        /// alone is none.
        public mutating func add(_ text: [UInt8]) {
            let text = Self.normalized(text)
            guard !text.isEmpty else { return }
            let code = key.authenticationCode(of: Array("record text\0".utf8) + text)
            let hash = max(code.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }, 1)
            guard hash <= reach else { return }
            hashes.append(hash)
            if hashes.count >= 4 * CorpusSketch.slots { prune() }
        }

        /// The sketch of what was added so far.
        public var sketch: CorpusSketch {
            var rest = self
            rest.prune()
            return CorpusSketch(key: key.identifier, hashes: rest.hashes)
        }

        private mutating func prune() {
            hashes = Array(Set(hashes).sorted().prefix(CorpusSketch.slots))
            if hashes.count == CorpusSketch.slots { reach = hashes.last ?? .max }
        }

        private static func normalized(_ text: [UInt8]) -> [UInt8] {
            func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
            guard let first = text.firstIndex(where: { !isSpace($0) }),
                let last = text.lastIndex(where: { !isSpace($0) })
            else { return [] }
            let trimmed = text[first...last]
            guard trimmed.contains(0x0D) else { return Array(trimmed) }
            return trimmed.indices.filter { place in
                trimmed[place] != 0x0D || trimmed[place + 1] != 0x0A
            }.map { trimmed[$0] }
        }
    }
}

extension CorpusSketch {
    /// k hashes of 8 bytes each, ascending; those that there are not are 0.
    var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(8 * capacity)
        for hash in hashes + Array(repeating: 0, count: capacity - hashes.count) {
            for shift in stride(from: 56, through: 0, by: -8) {
                bytes.append(UInt8(truncatingIfNeeded: hash >> UInt64(shift)))
            }
        }
        return bytes
    }

    /// Reads what `bytes` gave, whatever its k; nil for anything else.
    init?(key: ContentDigest, bytes: [UInt8]) {
        self.key = key
        capacity = bytes.count / 8
        let all = (0..<capacity).map { place in
            bytes[8 * place..<8 * (place + 1)].reduce(0) { $0 << 8 | UInt64($1) }
        }
        hashes = Array(all.prefix { $0 != 0 })
        let isSorted = zip(hashes, hashes.dropFirst()).allSatisfy { $0 < $1 }
        guard bytes.count == 8 * capacity, isSorted, all[hashes.count...].allSatisfy({ $0 == 0 })
        else { return nil }
    }
}

/// A sketch of a corpus' records as a ledger holds it: without the key it is noise of one length.
///
///     box = AES-256-GCM(HMAC-SHA-256(key, "sketch key"), nonce, k hashes of 8 bytes)
///
/// The nonce is a code of the hashes (a synthetic nonce, as in RFC 8452): one for each content, and equal
/// corpora have equal boxes, so that equal seeded runs have equal ledgers.
///
/// Its length does not depend on the corpus, so that neither the ledger nor its size tells how many
/// records there are.
public struct SealedSketch: Codable, Equatable, Sendable {
    /// Names the key: another folder's key put in its place is noticed.
    public let key: ContentDigest
    private let box: Data

    /// Seals a sketch under the key that it was made with.
    ///
    /// - Throws: `LedgerError.unusableSecret` if the key serves no encryption.
    public init(_ sketch: CorpusSketch, key: FingerprintKey) throws(LedgerError) {
        precondition(sketch.key == key.identifier, "a sketch is sealed under its own key")
        let code = key.authenticationCode(of: Array("sketch nonce".utf8) + sketch.bytes)
        self.key = sketch.key
        box = Data(
            Self.cipher(key).seal(sketch.bytes, nonce: Array(code.prefix(BlockCipher.nonceLength)))
        )
    }

    /// The sketch; nil under another key, or if the box was damaged.
    func open(with key: FingerprintKey) -> CorpusSketch? {
        guard key.identifier == self.key, let bytes = Self.cipher(key).open(Array(box)) else {
            return nil
        }
        return CorpusSketch(key: self.key, bytes: bytes)
    }

    private static func cipher(_ key: FingerprintKey) -> BlockCipher {
        BlockCipher(key: SecretKey(key.authenticationCode(of: Array("sketch key".utf8))))
    }
}
