import DifferentialPrivacy
import Foundation
import Testing

@testable import PrivateEvolution

/// A whole evolution on neighbouring files, from reading through embedding to votes, with the
/// mechanism's outputs of one run forced on the other: what still differs then did not come through
/// a mechanism.
@Suite struct FrozenVotesReplayTests {
    /// Files that differ from the rows in one record or user.
    enum Neighbor: String, CaseIterable, Sendable {
        case added, removed, replaced, tenMegabytes, empty, invalidText, unknownLabel, unclosedQuote
        case wholeUser

        /// By how many votes the histogram may move: a replacement is a removal and an addition.
        var allowedDistance: Double { self == .replaced ? 2 : 1 }

        /// Whether the votes move, where neither the format nor a user's other records decide.
        func moves(hasUsers: Bool) -> Bool? {
            switch self {
            case .added, .wholeUser: true
            case .removed, .replaced: hasUsers ? nil : true
            case .unknownLabel: false
            case .tenMegabytes, .empty, .invalidText, .unclosedQuote: nil
            }
        }

        /// The file; records that stay keep their places.
        var contents: Data {
            var rows = ReplayedEvolution.rows.map { Data($0.utf8) }
            switch self {
            case .added: rows.append(Data("one more,a,user9".utf8))
            case .removed: rows.removeLast()
            case .replaced: rows[rows.count - 1] = Data("quite another,a,user8".utf8)
            case .tenMegabytes:
                rows.append(Data(repeating: 0x71, count: 10 << 20) + Data(",a,user9".utf8))
            case .empty: rows.append(Data(",a,user9".utf8))
            case .invalidText:
                rows.append(Data([0xC3, 0x28, 0xFF, 0xFE, 0x00]) + Data(",a,user9".utf8))
            case .unknownLabel: rows.append(Data("a text,zzz,user9".utf8))
            case .unclosedQuote: rows.append(Data("\"a text,a,user9".utf8))
            case .wholeUser:
                rows += (0..<5).map { Data("mine \($0),\($0 < 3 ? "a" : "b"),user9".utf8) }
            }
            return rows.reduce(Data("text,topic,user\n".utf8)) { $0 + $1 + Data("\n".utf8) }
        }
    }

    private static let original = Data(
        (["text,topic,user"] + ReplayedEvolution.rows).joined(separator: "\n").utf8
    )

    private static let originals = [false, true].map { hasUsers in
        Task { try await ReplayedEvolution(original, hasUsers: hasUsers) }
    }

    @Test(arguments: Neighbor.allCases, [false, true])
    func neighboursDifferInTheVotesAlone(neighbor: Neighbor, hasUsers: Bool) async throws {
        // Five records are one neighbour only where users are the unit.
        if neighbor == .wholeUser, !hasUsers { return }
        let original = try await Self.originals[hasUsers ? 1 : 0].value
        let other = try await ReplayedEvolution(
            neighbor.contents,
            forcing: original.calls,
            hasUsers: hasUsers
        )
        #expect(other.visible == original.visible)
        #expect(other.calls.map(\.sensitivity) == original.calls.map(\.sensitivity))
        let distances = original.distances(to: other)
        #expect(original.calls.count == 3 && distances.count == 3)
        // Exact: votes are whole parts rounded down, so there is no tolerance.
        #expect(distances.allSatisfy { $0 <= neighbor.allowedDistance }, "\(distances)")
        if let moves = neighbor.moves(hasUsers: hasUsers) {
            #expect(distances.contains { $0 > 0.2 } == moves, "\(distances)")
        }
    }

    /// The replay notices a mechanism that is fed more than one vote a unit: five records that are
    /// taken for one unit, where each is its own.
    @Test func recordsThatVoteSinglyShow() async throws {
        let original = try await Self.originals[0].value
        let other = try await ReplayedEvolution(
            Neighbor.wholeUser.contents,
            forcing: original.calls,
            hasUsers: false
        )
        #expect(original.distances(to: other).contains { $0 > 1 })
    }
}
