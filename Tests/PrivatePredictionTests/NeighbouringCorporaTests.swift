import DifferentialPrivacy
import Foundation
import Testing

@testable import PrivatePrediction

/// Predictions of corpora that differ in one record, with the same coins and the same choices forced.
@Suite struct NeighbouringCorporaTests {
    private static func calls(
        _ rule: PredictionRule,
        missing: Int,
        forcing calls: [MechanismReplay.Call] = [],
        fault: PlantedFault.Kind? = nil
    ) throws -> [MechanismReplay.Call] {
        let workspace = try PredictionWorkspace(missing: missing)
        let replay = MechanismReplay(forcing: calls)
        let planted = fault.map { PlantedFault($0) }
        try MechanismReplay.$current.withValue(replay) {
            try PlantedFault.$current.withValue(planted) {
                _ = try workspace.run(PredictionWorkspace.settings(rule))
            }
        }
        return replay.calls
    }

    /// How far each choice's input moves when the last record of the first label goes.
    private static func distances(
        _ rule: PredictionRule,
        fault: PlantedFault.Kind? = nil
    ) throws -> [Double] {
        let with = try calls(rule, missing: 0, fault: fault)
        let without = try calls(rule, missing: 1, forcing: with, fault: fault)
        #expect(with.count == without.count)
        return zip(with, without).map { $0.distance(to: $1) }
    }

    /// The class counts move by one record, and the choices of at most one text by the range.
    @Test func oneRecordMovesOneText() throws {
        let distances = try Self.distances(.clippedDifference)
        let choices = distances.dropFirst()
        #expect(distances[0] == 1)
        #expect(choices.allSatisfy { $0 <= 1 })
        let moved = choices.count { $0 > 0 }
        #expect(moved > 0 && moved <= 6, "\(distances)")
    }

    @Test(arguments: [PredictionRule.gaussian, .noisyMax])
    func oneRecordMovesOnePromptOfAToken(rule: PredictionRule) throws {
        let distances = try Self.distances(rule)
        #expect(distances.allSatisfy { $0 <= 1 })
        #expect(distances.contains { $0 > 0 }, "\(distances)")
    }

    /// A batch of two texts: the record is paid for once and used twice.
    @Test func aSharedBatchIsNoticed() throws {
        let distances = try Self.distances(.clippedDifference, fault: .batchSharedByTexts)
        #expect(distances.dropFirst().count { $0 > 0 } > 6, "\(distances)")
    }

    /// Another set of tokens is an infinite distance.
    @Test func candidatesOfPrivatePromptsAreNoticed() throws {
        let distances = try Self.distances(.clippedDifference, fault: .candidatesOfRecords)
        #expect(distances.contains(.infinity), "\(distances)")
    }
}
