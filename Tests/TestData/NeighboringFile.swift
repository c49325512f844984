package import Foundation

/// Files that differ from a corpus in one unit, in ways that have broken readers and trainers.
///
/// The columns are `text,topic,user`, with the topics a and b.
package enum NeighboringFile: String, CaseIterable, Sendable {
    case added, removed, replaced, nonFinite, tenMegabytes, empty, invalidText, unknownLabel
    case unclosedQuote
    /// Five records: one unit only where users are.
    case wholeUser

    /// By how many units' bounds a release may move: a replacement is a removal and an addition.
    package var allowedDistance: Double { self == .replaced ? 2 : 1 }

    /// The file's bytes, from the corpus with one record a row and no header; records that stay
    /// keep their places.
    package func contents(from rows: [String]) -> Data {
        var rows = rows.map { Data($0.utf8) }
        switch self {
        case .removed: rows.removeLast()
        case .replaced: rows[rows.count - 1] = Data("quite another,a,user8".utf8)
        default: rows += added
        }
        return rows.reduce(Data("text,topic,user\n".utf8)) { $0 + $1 + Data("\n".utf8) }
    }

    /// The rows that follow the corpus.
    private var added: [Data] {
        switch self {
        case .removed, .replaced: []
        case .added: [Data("one more,a,user9".utf8)]
        // Long, so that it reaches positions that a model can be spoilt at.
        case .nonFinite: [Data((String(repeating: "qx", count: 40) + ",a,u").utf8)]
        case .tenMegabytes: [Data(repeating: 0x71, count: 10 << 20) + Data(",a,user9".utf8)]
        case .empty: [Data(",a,user9".utf8)]
        case .invalidText: [Data([0xC3, 0x28, 0xFF, 0xFE, 0x00]) + Data(",a,user9".utf8)]
        case .unknownLabel: [Data("a text,zzz,user9".utf8)]
        case .unclosedQuote: [Data("\"a text,a,user9".utf8)]
        case .wholeUser: (0..<5).map { Data("mine \($0),\($0 < 3 ? "a" : "b"),user9".utf8) }
        }
    }
}
