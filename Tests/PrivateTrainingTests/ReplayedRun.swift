import Autograd
import Corpus
import DifferentialPrivacy
import Foundation
import Kernels
import LabelProbe
import LanguageModel
import Messages
import Training

@testable import PrivateTraining

/// A whole run of the trainer under frozen noise, as the world and as the mechanisms saw it.
struct ReplayedRun {
    /// What entered and left the mechanisms: the label counts, then the steps.
    let calls: [MechanismReplay.Call]
    /// Every line, file name, size and public file, wall-clock figures left out.
    let visible: [String]
    /// Parameters and moments at the end, as bits.
    let weights: [UInt32]

    /// So small that every record is clipped.
    static let maxGradNorm = 0.01

    /// Runs to the end.
    ///
    /// - Parameters:
    ///   - file: The corpus; nil for the workspace's own rows.
    ///   - calls: The mechanisms' outputs to force.
    ///   - isSpoilt: Whether long records have no finite gradient: their sums overflow.
    ///   - hasUsers: Whether users are the unit.
    ///   - hasProbe: Whether a label probe is trained in the end, by five steps.
    /// - Throws: What the trainer throws.
    init(
        _ file: Data? = nil,
        forcing calls: [MechanismReplay.Call] = [],
        isSpoilt: Bool = false,
        hasUsers: Bool = false,
        hasProbe: Bool = false
    ) throws {
        let workspace = try RunWorkspace { parameters in
            guard isSpoilt, let places = parameters.layout["wpe.weight"] else { return }
            let start = places.offset + 22 * parameters.configuration.width
            parameters.values.fill(start..<places.range.upperBound, with: 3e38)
        }
        if let file { try file.write(to: URL(filePath: workspace.folder + "/data.csv")) }
        var request = workspace.request()
        request.maxGradNorm = Self.maxGradNorm
        request.labelCountsEpsilon = 1
        if hasUsers {
            request.columns.user = "user"
            request.maxRecordsPerUser = 2
        }
        if hasProbe {
            request.labelEpsilon = 2
            request.labelSteps = 5
            request.labelSettings.directions = 6
            request.labelSettings.syntheticTexts = 20
        }
        let replay = MechanismReplay(forcing: calls)
        var visible: [String] = []
        let outcome = try MechanismReplay.$current.withValue(replay) {
            try workspace.run(request) { visible.append("\($0.step) \($0.epsilon)") }
        }
        visible.append("\(outcome.stepsDone) \(outcome.epsilon) \(outcome.corpusEpsilon)")
        visible += outcome.notes.map(\.description)
        visible += try workspace.sizes("runs/one").map { "\($0.key) \($0.value)" }.sorted()
        visible += try ["run.json", "label-counts.json"].map {
            try workspace.text("runs/one/" + $0)
        }
        if hasProbe { visible.append(try workspace.text("runs/one/label-probe.json")) }
        self.calls = replay.calls
        self.visible = visible
        weights = try workspace.weights()
    }

    /// How far each mechanism's input moved, in units of the sensitivity that it assumes.
    func distances(to other: ReplayedRun) -> [Double] {
        zip(calls, other.calls).map { $0.distance(to: $1) }
    }
}
