import DifferentialPrivacy
import Foundation
import TestData
import Testing

@testable import PrivateEvolution

/// A whole evolution on neighbouring files, from reading through embedding to votes, with the
/// mechanism's outputs of one run forced on the other: what still differs then did not come through
/// a mechanism.
@Suite struct FrozenVotesReplayTests {
    /// Whether the votes move, where neither the format nor a user's other records decide.
    private static func moves(_ neighbor: NeighboringFile, hasUsers: Bool) -> Bool? {
        switch neighbor {
        case .added, .wholeUser: true
        case .removed, .replaced: hasUsers ? nil : true
        case .unknownLabel: false
        case .nonFinite, .tenMegabytes, .empty, .invalidText, .unclosedQuote: nil
        }
    }

    private static let original = Data(
        (["text,topic,user"] + ReplayedEvolution.rows).joined(separator: "\n").utf8
    )

    private static let originals = [false, true].map { hasUsers in
        Task { try await ReplayedEvolution(original, hasUsers: hasUsers) }
    }

    @Test(arguments: NeighboringFile.allCases, [false, true])
    func neighboursDifferInTheVotesAlone(neighbor: NeighboringFile, hasUsers: Bool) async throws {
        // Five records are one neighbour only where users are the unit.
        if neighbor == .wholeUser, !hasUsers { return }
        let original = try await Self.originals[hasUsers ? 1 : 0].value
        let other = try await ReplayedEvolution(
            neighbor.contents(from: ReplayedEvolution.rows),
            forcing: original.calls,
            hasUsers: hasUsers
        )
        #expect(other.visible == original.visible)
        #expect(other.calls.map(\.sensitivity) == original.calls.map(\.sensitivity))
        let distances = original.distances(to: other)
        #expect(original.calls.count == 3 && distances.count == 3)
        // Exact: votes are whole parts rounded down, so there is no tolerance.
        #expect(distances.allSatisfy { $0 <= neighbor.allowedDistance }, "\(distances)")
        if let moves = Self.moves(neighbor, hasUsers: hasUsers) {
            #expect(distances.contains { $0 > 0.2 } == moves, "\(distances)")
        }
    }

    /// The replay notices a mechanism that is fed more than one vote a unit: five records that are
    /// taken for one unit, where each is its own.
    @Test func recordsThatVoteSinglyShow() async throws {
        let original = try await Self.originals[0].value
        let other = try await ReplayedEvolution(
            NeighboringFile.wholeUser.contents(from: ReplayedEvolution.rows),
            forcing: original.calls,
            hasUsers: false
        )
        #expect(original.distances(to: other).contains { $0 > 1 })
    }
}
