package import Corpus
package import DifferentialPrivacy
import Foundation
package import LabelProbe
import Messages
import Training

/// `run.json`: everything public about a run that is fixed before its first step.
package struct RunDescription: Codable, Sendable, Equatable {
    /// Where a fact about the corpus comes from.
    package enum Source: String, Codable, Sendable {
        /// The user stated it.
        case given
        /// It was read off the corpus, and is treated as public.
        case corpus
    }

    /// The form of this file.
    package static let currentFormat = 1
    /// The file's name in the run folder.
    package static let fileName = "run.json"

    /// The form of this file.
    package var format = currentFormat
    /// Version of dpscribe that began the run.
    package var productVersion: String
    /// The ledger's name for the run.
    package var runIdentifier: String
    /// True for ε = ∞ and for seeded runs: NOT PRIVATE.
    package var notPrivate: Bool
    /// The privacy plan; solved once.
    package var plan: PrivacyPlan
    /// Where N comes from.
    package var datasetSizeSource: Source
    /// Column of the text.
    package var textColumn: String
    /// Column of the user, if the unit is a user.
    package var userColumn: String?
    /// The label columns and their public values.
    package var labels: LabelSet
    /// Where the label values come from.
    package var labelValuesSource: Source
    /// Everything else that was set.
    package var settings: TrainingSettings
    /// How the label probe is trained; nil without one.
    package var labelProbe: LabelProbeSettings?
    /// SHA-256 of the model folder's weights and configuration that the run began with.
    package var baseModel: String
    /// The name of that model, if it is one that comes with the product.
    package var baseModelName: String?

    private enum CodingKeys: String, CodingKey {
        case format, plan, labels, settings
        case productVersion = "product_version"
        case runIdentifier = "run"
        case notPrivate = "not_private"
        case datasetSizeSource = "dataset_size_source"
        case textColumn = "text_column"
        case userColumn = "user_column"
        case labelValuesSource = "label_values_source"
        case baseModel = "base_model"
        case baseModelName = "base_model_name"
        case labelProbe = "label_probe"
    }

    /// The file's bytes.
    func fileContents() throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(self)) + [UInt8(ascii: "\n")]
    }

    /// Reads the description that the run in `folder` was begun with.
    ///
    /// - Parameters:
    ///   - folder: The run.
    ///   - header: Its ledger's, which knows the file's digest and what was promised.
    /// - Returns: The description, byte for byte that of the ledger where it knows the digest.
    /// - Throws: `LedgerError.otherDescription`, `TrainingError.damagedRun` if it was edited or is
    ///   missing.
    package static func read(
        from folder: String,
        of header: LedgerHeader
    ) throws -> RunDescription {
        let path = folder + "/" + fileName
        guard let bytes = try SystemFiles().contents(of: path) else {
            throw TrainingError.damagedRun(path: path, problem: "it is missing")
        }
        try header.requireDescription(bytes, at: path)
        let description = try decode(bytes, path: path)
        try description.check(header, path: path)
        return description
    }

    private static func decode(_ bytes: [UInt8], path: String) throws -> RunDescription {
        let description: RunDescription
        do { description = try JSONDecoder().decode(Self.self, from: Data(bytes)) } catch {
            throw TrainingError.damagedRun(path: path, problem: "it is not a run description")
        }
        guard description.format == currentFormat else {
            throw TrainingError.damagedRun(
                path: path,
                problem: "its format \(description.format) is unknown"
            )
        }
        return description
    }

    /// Refuses a description of something else than the ledger promised.
    ///
    /// Noise and cost of a step follow from the description. Ledgers that did not record the file's
    /// digest are held to this alone.
    private func check(_ header: LedgerHeader, path: String) throws {
        guard header.runIdentifier == runIdentifier,
            LedgerPromise(header) == LedgerPromise(plan), header.isPrivate != notPrivate
        else { throw LedgerError.otherDescription(path: path) }
    }
}

/// What a user must know about a run, said on the console and in its manifest.
struct RunNotes {
    let lines: [Message]

    init(_ description: RunDescription) {
        var lines: [Message] = []
        if description.notPrivate { lines.append("NOT PRIVATE: this run gives no guarantee.") }
        let plan = description.plan
        let unit = description.userColumn == nil ? "records" : "users"
        if description.datasetSizeSource == .corpus {
            lines.append(
                "The number of \(unit), \(plan.schedule.unitCount), is treated as public."
                    + " Pass \(.datasetSize) to use another public number."
            )
        }
        if description.labelValuesSource == .corpus {
            lines += description.labels.warningsWhereFound(among: plan.schedule.unitCount)
        }
        self.lines = lines
    }
}
