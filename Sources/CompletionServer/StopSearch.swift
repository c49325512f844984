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
