import Cryptography
import FoundationEssentials

/// The hash chain that ties the lines of a ledger together.
///
///     line i  = {"hash":"hᵢ","entry":<JSON>}
///     hᵢ      = SHA-256("dpscribe-ledger/1" ‖ hᵢ₋₁ ‖ <JSON>),  h₋₁ = 32 zero bytes
///
/// Every byte of a line is either fixed or covered by the hash, so a changed, removed, added or
/// moved line is found; anyone can check it with a SHA-256 tool. A ledger cut between two lines
/// remains a chain: that is found by the position which checkpoints keep.
struct LedgerChain {
    private static let domain = Array("dpscribe-ledger/1".utf8)
    private static let opening = Array(#"{"hash":""#.utf8)
    private static let middle = Array(#"","entry":"#.utf8)
    private static let closing = Array("}".utf8)
    private static let hashRange = opening.count..<opening.count + 64
    private static let entryStart = hashRange.upperBound + middle.count

    /// Why a line does not continue a chain.
    struct Break: Error { let reason: String }

    /// The hash of the last line.
    private(set) var head = ContentDigest(bytes: [UInt8](repeating: 0, count: 32))
    /// How many lines there are.
    private(set) var count = 0

    /// The line, without line feed, that `entry` would be after this chain, and the chain then.
    func appending(_ entry: LedgerEntry) throws(Break) -> (line: [UInt8], chain: LedgerChain) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let body: [UInt8]
        do { body = Array(try encoder.encode(entry)) } catch {
            throw Break(reason: "the entry cannot be written as JSON")
        }
        let next = following(body)
        let hash = Array(next.head.description.utf8)
        return (Self.opening + hash + Self.middle + body + Self.closing, next)
    }

    /// Goes on by one line, without line feed.
    mutating func accept(_ line: ArraySlice<UInt8>) throws(Break) -> LedgerEntry {
        let line = Array(line)
        guard line.count > Self.entryStart + Self.closing.count, line.starts(with: Self.opening),
            line[Self.hashRange.upperBound...].starts(with: Self.middle),
            line.suffix(Self.closing.count) == Self.closing[...]
        else { throw Break(reason: "it is not a ledger line") }
        let body = Array(line[Self.entryStart..<line.count - Self.closing.count])
        let next = following(body)
        guard line[Self.hashRange].elementsEqual(next.head.description.utf8) else {
            throw Break(reason: "its hash does not follow from the lines before it")
        }
        guard let entry = try? JSONDecoder().decode(LedgerEntry.self, from: Data(body)) else {
            throw Break(reason: "its entry cannot be read by this version")
        }
        self = next
        return entry
    }

    private func following(_ body: [UInt8]) -> LedgerChain {
        var hash = SHA256()
        hash.update(Self.domain)
        hash.update(head.bytes)
        hash.update(body)
        var next = self
        next.head = ContentDigest(bytes: hash.finalize())
        next.count = count + 1
        return next
    }
}

/// How far a ledger had come: what a checkpoint stores to recognise a shortened or replaced one.
public struct LedgerPosition: Codable, Hashable, Sendable {
    /// The number of lines, header included.
    public let entries: Int
    /// The hash of the last of them.
    public let head: ContentDigest

    /// States a position.
    public init(entries: Int, head: ContentDigest) {
        self.entries = entries
        self.head = head
    }
}
