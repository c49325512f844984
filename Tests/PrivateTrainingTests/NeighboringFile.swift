import Foundation

/// Files that differ from `RunWorkspace.rows` in one record, in ways that have broken trainers.
enum NeighboringFile: String, CaseIterable, Sendable {
    case added, removed, replaced, nonFinite, tenMegabytes, empty, invalidText, unknownLabel
    case unclosedQuote

    /// By how many bounds the sum may move: a replacement is a removal and an addition.
    var allowedDistance: Double { self == .replaced ? 2 : 1 }

    /// Whether the record moves the sum, where the format leaves no choice.
    var moves: Bool? {
        switch self {
        case .added, .removed, .replaced: true
        case .nonFinite, .unknownLabel: false
        case .tenMegabytes, .empty, .invalidText, .unclosedQuote: nil
        }
    }

    /// The file's bytes; records that stay keep their places.
    var contents: Data {
        var rows = RunWorkspace.rows.map { Data($0.utf8) }
        switch self {
        case .added: rows.append(Data("one more,a,user9".utf8))
        case .removed: rows.removeLast()
        case .replaced: rows[rows.count - 1] = Data("quite another,b,user5".utf8)
        // Long, so that it reaches positions that a model can be spoilt at.
        case .nonFinite: rows.append(Data((String(repeating: "qx", count: 40) + ",a,u").utf8))
        case .tenMegabytes:
            rows.append(Data(repeating: 0x71, count: 10 << 20) + Data(",a,user9".utf8))
        case .empty: rows.append(Data(",a,user9".utf8))
        case .invalidText:
            rows.append(Data([0xC3, 0x28, 0xFF, 0xFE, 0x00]) + Data(",a,user9".utf8))
        case .unknownLabel: rows.append(Data("a text,zzz,user9".utf8))
        case .unclosedQuote: rows.append(Data("\"a text,a,user9".utf8))
        }
        return rows.reduce(Data("text,topic,user\n".utf8)) { $0 + $1 + Data("\n".utf8) }
    }
}
