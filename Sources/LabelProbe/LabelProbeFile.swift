import Autograd
import Checkpoints
import Corpus
import DifferentialPrivacy
import Foundation
import Kernels
package import LanguageModel

/// A probe on disk: `label-probe.safetensors` and the `label-probe.json` that describes and seals it.
///
/// | tensor     | shape                   |
/// | mean       | [features]              |
/// | projection | [directions, features]  |
/// | weights    | [directions + 1, classes], classes column by column in the order of the values |
///
/// Input number `directions` is the constant. The JSON holds the SHA-256 of the tensors, and what the model
/// makes of a fixed text: a probe reads no other model's features. It appears last, so that a probe is whole
/// or absent.
package struct LabelProbeFile: Codable, Sendable, Equatable {
    /// The names of the two files.
    package static let names = (description: "label-probe.json", tensors: "label-probe.safetensors")

    /// The form of this file.
    private(set) var format = 1
    private let labels: LabelSet
    private let tokenLimit: Int
    private let directions: Int
    private let constant: Float
    /// x of `checkedTokens`, [inputs]; the model's, up to what processors round otherwise.
    private let check: [Float]
    private var tensors: String

    private enum CodingKeys: String, CodingKey {
        case format, labels, directions, constant, check
        case tokenLimit = "token_limit"
        case tensors = "tensors_sha256"
    }

    /// Writes a probe into a folder that exists, replacing an earlier one.
    ///
    /// - Parameters:
    ///   - probe: The probe.
    ///   - folder: Where to write.
    ///   - isPrivate: Mode 0600 instead of 0644 for the tensors.
    /// - Throws: `CheckpointError`, `LedgerError.fileFailed`.
    package static func write(
        _ probe: LabelProbe,
        to folder: String,
        isPrivate: Bool
    ) throws {
        let layout = layout(
            directions: probe.whitening.inputCount - 1,
            features: probe.whitening.featureCount,
            classes: probe.classifier.classCount
        )
        let values = FloatBuffer(count: layout.count)
        let contents = [
            probe.whitening.mean, probe.whitening.projection,
            probe.classifier.weights.map { Float($0) },
        ]
        for (entry, content) in zip(layout.entries, contents) {
            values.store(content, at: entry.offset)
        }
        let path = folder + "/" + names.tensors
        try SafetensorsWriter().write(layout, values, as: .float32, to: path, isPrivate: isPrivate)
        let file = LabelProbeFile(
            labels: probe.labels,
            tokenLimit: probe.states.tokenLimit,
            directions: probe.whitening.inputCount - 1,
            constant: probe.whitening.constant,
            check: check(probe.states, probe.whitening),
            tensors: try FileDigest(of: path).description
        )
        try SystemFiles().writeWholeFile(names.description, in: folder, try file.bytes())
    }

    /// The one form in which a description is written.
    private func bytes() throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(self)) + [UInt8(ascii: "\n")]
    }

    /// Opens the probe of a model's folder; nil if it has none.
    ///
    /// - Throws: `LabelProbeError.damaged` for a file that was changed, or belongs to another model;
    ///   `CheckpointError` for tensors that cannot be read.
    package static func read(
        from folder: String,
        parameters: DecoderParameters,
        beginningOfText: Int32
    ) throws -> LabelProbe? {
        let path = folder + "/" + names.description
        guard let bytes = try SystemFiles().contents(of: path) else { return nil }
        guard let file = try? JSONDecoder().decode(Self.self, from: Data(bytes)), file.format == 1,
            file.directions >= 1, file.tokenLimit >= 1, file.constant.isFinite,
            (try? file.bytes()) == bytes
        else { throw LabelProbeError.damaged(path: path, problem: "it describes no label probe") }
        let states = PooledStates(
            parameters,
            tokenLimit: file.tokenLimit,
            beginningOfText: beginningOfText
        )
        let probe = try file.probe(states, tensors: folder + "/" + names.tensors)
        let found = check(states, probe.whitening)
        guard found.count == file.check.count,
            zip(found, file.check).allSatisfy({ abs($0 - $1) <= 0.02 })
        else { throw LabelProbeError.damaged(path: path, problem: "it belongs to another model") }
        return probe
    }

    private func probe(_ states: PooledStates, tensors path: String) throws -> LabelProbe {
        guard try FileDigest(of: path).description == tensors else {
            throw LabelProbeError.damaged(
                path: path,
                problem: "it is not the file that was written"
            )
        }
        var classifier = LabelClassifier(inputCount: directions + 1, labels: labels)
        let layout = Self.layout(
            directions: directions,
            features: states.dimension,
            classes: classifier.classCount
        )
        let reader = try SafetensorsReader(path: path)
        let contents = try layout.entries.map { entry in
            guard let tensor = reader.header.tensors.first(where: { $0.name == entry.name }),
                tensor.shape == entry.shape
            else {
                throw LabelProbeError.damaged(path: path, problem: "its tensors have other shapes")
            }
            let values = FloatBuffer(count: tensor.count)
            try reader.read(tensor, into: values, at: 0)
            return values.values(0..<tensor.count)
        }
        classifier.weights = contents[2].map(Double.init)
        return LabelProbe(
            labels: labels,
            states: states,
            whitening: FeatureWhitening(
                mean: contents[0],
                projection: contents[1],
                constant: constant
            ),
            classifier: classifier
        )
    }

    private static func layout(directions: Int, features: Int, classes: Int) -> ParameterLayout {
        ParameterLayout([
            ("mean", [features]), ("projection", [directions, features]),
            ("weights", [directions + 1, classes]),
        ])
    }

    private static func check(_ states: PooledStates, _ whitening: FeatureWhitening) -> [Float] {
        whitening(states([Array(0..<8)], parallel: ParallelFor(threadCount: 1)).row(0))
    }
}

/// Why a label probe cannot be used.
public enum LabelProbeError: Error, Equatable, Sendable, CustomStringConvertible {
    /// A file of it is damaged, or of something else.
    case damaged(path: String, problem: String)

    /// What, where, and what to do.
    public var description: String {
        switch self {
        case .damaged(let path, let problem):
            "\(path): \(problem). Restore the folder from a copy."
        }
    }
}
