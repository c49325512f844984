import DifferentialPrivacy
import Foundation
import TestData
import Testing

@testable import PrivateTraining

/// The trainer on neighbouring files, with the mechanisms' outputs of one run forced on the other:
/// what still differs then did not come through a mechanism.
@Suite("Frozen-noise replay")
struct FrozenNoiseReplayTests {
    /// Single precision, against the margin of 2⁻¹⁰ that clipping keeps below the bound.
    private static let rounding = 1e-6

    private static let original = Result { try ReplayedRun() }
    private static let spoilt = Result { try ReplayedRun(isSpoilt: true) }

    /// Whether the record moves the sum, where the format leaves no choice.
    private static func moves(_ file: NeighboringFile) -> Bool? {
        switch file {
        case .added, .removed, .replaced, .wholeUser: true
        case .nonFinite, .unknownLabel: false
        case .tenMegabytes, .empty, .invalidText, .unclosedQuote: nil
        }
    }

    /// Records are the unit, so that a whole user is no neighbour.
    @Test(arguments: NeighboringFile.allCases.filter { $0 != .wholeUser })
    func neighboursDifferInTheMechanismsInputAlone(file: NeighboringFile) throws {
        let isSpoilt = file == .nonFinite
        let original = try (isSpoilt ? Self.spoilt : Self.original).get()
        let other = try ReplayedRun(
            file.contents(from: RunWorkspace.rows),
            forcing: original.calls,
            isSpoilt: isSpoilt
        )
        #expect(other.visible == original.visible)
        #expect(other.weights == original.weights)
        #expect(other.calls.map(\.sensitivity) == original.calls.map(\.sensitivity))
        let distances = original.distances(to: other)
        #expect(distances.count == 7 && original.calls.count == 7)
        #expect(distances.allSatisfy { $0 <= file.allowedDistance * (1 + Self.rounding) })
        if let moves = Self.moves(file) {
            #expect(distances.dropFirst().contains { $0 > 0.5 } == moves, "\(distances)")
        }
    }

    /// The probe's five steps come last; its files are the same where its releases are.
    @Test(arguments: [NeighboringFile.added, .removed, .replaced, .unknownLabel, .empty])
    func neighboursDifferInTheProbesInputAlone(file: NeighboringFile) throws {
        let original = try Self.probed.get()
        let other = try ReplayedRun(
            file.contents(from: RunWorkspace.rows),
            forcing: original.calls,
            hasProbe: true
        )
        #expect(other.visible == original.visible && other.weights == original.weights)
        let distances = original.distances(to: other)
        #expect(distances.count == 12 && original.calls.count == 12)
        #expect(distances.allSatisfy { $0 <= file.allowedDistance * (1 + Self.rounding) })
        if let moves = Self.moves(file) {
            #expect(distances.suffix(5).allSatisfy { $0 > 0.01 } == moves, "\(distances)")
        }
    }

    private static let probed = Result { try ReplayedRun(hasProbe: true) }

    /// Defects of the probe alone: what moves further than one unit may, or shows beside the mechanism.
    @Test(arguments: [
        nil, PlantedFault.Kind.whiteningByRecords, .featuresOfBatchMates, .recordsClippedSingly,
    ])
    func aPlantedFaultOfTheProbeShows(kind: PlantedFault.Kind?) throws {
        let rows = Array(repeating: "the the the,b,user9", count: 2) + RunWorkspace.rows
        let file = Data((["text,topic,user"] + rows).joined(separator: "\n").utf8)
        func run(_ file: Data?, _ calls: [MechanismReplay.Call]) throws -> ReplayedRun {
            try PlantedFault.$current.withValue(kind.map(PlantedFault.init)) {
                try ReplayedRun(file, forcing: calls, hasUsers: true, hasProbe: true)
            }
        }
        let original = try run(nil, [])
        let other = try run(file, original.calls)
        let distances = original.distances(to: other).suffix(5)
        let isCaught =
            distances.contains { !($0 <= 1 + Self.rounding) } || other.visible != original.visible
        #expect(isCaught == (kind != nil), "\(distances)")
    }

    /// The same replay of a trainer with a defect shows it.
    @Test(arguments: [
        nil, PlantedFault.Kind.looseClipping, .nonFiniteUnits, .recordsClippedSingly,
        .normsWithoutCrossTerms,
    ])
    func aPlantedFaultShowsInTheReplay(kind: PlantedFault.Kind?) throws {
        // A new user with two records, which are long if they are to spoil the sum.
        let isSpoilt = kind == .nonFiniteUnits
        let text = String(repeating: "th", count: isSpoilt ? 20 : 3)
        let rows = RunWorkspace.rows + Array(repeating: text + ",a,user9", count: 2)
        let file = Data((["text,topic,user"] + rows).joined(separator: "\n").utf8)
        func run(_ file: Data?, _ calls: [MechanismReplay.Call]) throws -> ReplayedRun {
            try PlantedFault.$current.withValue(kind.map(PlantedFault.init)) {
                try ReplayedRun(file, forcing: calls, isSpoilt: isSpoilt, hasUsers: true)
            }
        }
        let original = try run(nil, [])
        let other = try run(file, original.calls)
        let distances = original.distances(to: other)
        let isCaught = distances.contains { !($0 <= 1 + Self.rounding) }
        #expect(isCaught == (kind != nil), "\(distances)")
    }
}
