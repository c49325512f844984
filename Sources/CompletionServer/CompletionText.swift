/// The text of one completion while its tokens are drawn.
struct CompletionText: Sendable {
    private var scalars = ScalarAssembly()
    private var stops: StopSearch
    /// What is certain and was not taken yet.
    private var certain: [UInt8] = []

    /// Begins a text that ends before the first of the stop texts.
    init(stops: StopSearch) { self.stops = stops }

    /// Whether a stop text has ended it.
    var isStopped: Bool { stops.isFound }

    /// Takes the bytes of the next token.
    mutating func append(_ bytes: [UInt8]) { certain += stops.append(scalars.append(bytes)) }

    /// Takes note that no token follows: what was held back belongs to the text.
    mutating func end() { certain += stops.append(scalars.end()) + stops.end() }

    /// What has become certain since it was last asked, in whole Unicode scalars.
    mutating func take() -> String {
        defer { certain = [] }
        return String(decoding: certain, as: UTF8.self)
    }
}

/// Puts bytes that come piece by piece together to whole Unicode scalars.
///
/// All pieces together are what decoding all bytes at once gives: what is no UTF-8 becomes U+FFFD.
private struct ScalarAssembly: Sendable {
    /// A scalar that may yet become complete, at most 3 bytes.
    private var rest: [UInt8] = []

    /// Takes the next bytes.
    ///
    /// - Returns: The scalars that are complete, in UTF-8.
    mutating func append(_ bytes: [UInt8]) -> [UInt8] {
        rest += bytes
        let count = Self.completeCount(rest)
        defer { rest.removeFirst(count) }
        return Self.repaired(rest.prefix(count))
    }

    /// What is left, now that no more comes.
    mutating func end() -> [UInt8] {
        defer { rest = [] }
        return Self.repaired(rest[...])
    }

    private static func repaired(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        Array(String(decoding: bytes, as: UTF8.self).utf8)
    }

    /// How many bytes stand before a scalar at the end that lacks some of its bytes.
    ///
    /// Decoding starts anew at every byte that may be a scalar's first, so cutting there changes nothing.
    private static func completeCount(_ bytes: [UInt8]) -> Int {
        for length in 1...3 where length <= bytes.count {
            let place = bytes.count - length
            switch bytes[place] {
            case 0x80...0xBF: continue
            case 0xC2...0xDF: return length < 2 ? place : bytes.count
            case 0xE0...0xEF: return length < 3 ? place : bytes.count
            case 0xF0...0xF4: return length < 4 ? place : bytes.count
            default: return bytes.count
            }
        }
        return bytes.count
    }
}

/// Finds the first of some texts in bytes that come piece by piece, and tells what stands before it.
///
/// - The text ends before the stop text that is complete first, byte for byte; of several that end with
///   the same byte, before the longest. So the result does not depend on how the bytes are cut.
/// - No byte that may belong to a stop text is told before that is decided.
///
/// One automaton a stop text (Knuth, Morris and Pratt 1977): O(1) a byte, amortised.
struct StopSearch: Sendable {
    private var automata: [Automaton]
    /// The bytes at the end that a stop text may begin with.
    private var held: [UInt8] = []
    /// Whether a stop text has been found; what comes after it is ignored.
    private(set) var isFound = false

    /// Looks for these texts, none of them empty.
    init(_ stops: [String]) { automata = stops.map { Automaton(Array($0.utf8)) } }

    /// Takes the next bytes.
    ///
    /// - Parameter bytes: Whole Unicode scalars.
    /// - Returns: What is known to stand before every stop text, whole scalars as well.
    mutating func append(_ bytes: [UInt8]) -> [UInt8] {
        guard !isFound else { return [] }
        for byte in bytes {
            held.append(byte)
            var found = 0
            for index in automata.indices where automata[index].advance(byte) {
                found = max(found, automata[index].pattern.count)
            }
            if found > 0 {
                isFound = true
                return take(held.count - found)
            }
        }
        return take(held.count - (automata.map(\.matched).max() ?? 0))
    }

    /// What was held back, now that no more comes; nothing if a stop text was found.
    mutating func end() -> [UInt8] { isFound ? [] : take(held.count) }

    private mutating func take(_ count: Int) -> [UInt8] {
        defer { held.removeFirst(count) }
        return Array(held.prefix(count))
    }

    /// How much of one stop text the bytes so far end with.
    private struct Automaton: Sendable {
        let pattern: [UInt8]
        /// For each length but 0 of a beginning, that of the longest beginning that ends it.
        private let borders: [Int]
        private(set) var matched = 0

        init(_ pattern: [UInt8]) {
            precondition(!pattern.isEmpty, "a stop text must not be empty")
            self.pattern = pattern
            var borders = [0]
            for byte in pattern.dropFirst() {
                var length = borders[borders.count - 1]
                while length > 0 && pattern[length] != byte { length = borders[length - 1] }
                borders.append(pattern[length] == byte ? length + 1 : 0)
            }
            self.borders = borders
        }

        /// Takes a byte; true if the pattern is complete with it, which it is at most once.
        mutating func advance(_ byte: UInt8) -> Bool {
            while matched > 0 && pattern[matched] != byte { matched = borders[matched - 1] }
            if pattern[matched] == byte { matched += 1 }
            return matched == pattern.count
        }
    }
}
