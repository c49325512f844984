/// The class of a scalar in GPT-2's pre-tokenisation pattern.
enum UnicodeClass {
    /// Anything that is no letter, number or white space; bytes that are not UTF-8 too.
    static let other: UInt8 = 0
    /// `\p{L}`.
    static let letter: UInt8 = 1
    /// `\p{N}`.
    static let number: UInt8 = 2
    /// `\s`.
    static let space: UInt8 = 3

    /// The class of each scalar up to the last letter; scalars beyond the table are `other`.
    static let table: [UInt8] = {
        var table = [UInt8](repeating: other, count: 0x323B0)
        for (runs, value) in [
            (UnicodeClassRanges.letters, letter), (UnicodeClassRanges.numbers, number),
            (UnicodeClassRanges.spaces, space),
        ] {
            fill(&table, runs: runs, with: value)
        }
        return table
    }()

    private static func fill(_ table: inout [UInt8], runs: [UInt32], with value: UInt8) {
        var scalar = 0
        for pair in stride(from: 0, to: runs.count, by: 2) {
            scalar += Int(runs[pair])
            let end = scalar + Int(runs[pair + 1])
            while scalar < end {
                table[scalar] = value
                scalar += 1
            }
        }
    }
}
