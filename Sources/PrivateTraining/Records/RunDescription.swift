package import Corpus
package import DifferentialPrivacy
import Foundation
package import LabelProbe
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
}

extension RunDescription: RunDescribing {
    package static let method = RunMethod.finetune

    package var promise: LedgerPromise { LedgerPromise(plan) }

    package var truncationTokens: Int? { settings.sequenceLength }

    package func fileContents() throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(self)) + [UInt8(ascii: "\n")]
    }

    package init(fileContents bytes: [UInt8], path: String) throws {
        do { self = try JSONDecoder().decode(Self.self, from: Data(bytes)) } catch {
            throw RunError.damagedDescription(path: path, problem: "it is not a run description")
        }
        guard format == Self.currentFormat else {
            throw RunError.damagedDescription(
                path: path,
                problem: "its format \(format) is unknown"
            )
        }
    }

    package func mechanism(
        _ record: LedgerRecord
    ) throws(PrivacyError) -> PrivacyManifest.Mechanism {
        PrivacyManifest.Mechanism(
            plan,
            unitCountSource: datasetSizeSource.rawValue,
            stepsSpent: record.stepCount,
            otherReleases: record.releases.filter { !$0.isLabelProbeStep },
            labelProbe: try labelProbe(record)
        )
    }

    private func labelProbe(
        _ record: LedgerRecord
    ) throws(PrivacyError) -> PrivacyManifest.LabelProbe? {
        guard let probe = plan.labelProbe else { return nil }
        return try PrivacyManifest.LabelProbe(
            probe,
            stepsSpent: record.releases.count(where: \.isLabelProbeStep),
            delta: plan.budget.delta,
            columns: labels.columns
        )
    }

    /// What a user must know about the run, said on the console and in its manifest.
    var notes: RunNotes {
        RunNotes(
            isPrivate: !notPrivate,
            unit: plan.unit,
            unitCount: plan.schedule.unitCount,
            isCounted: datasetSizeSource == .corpus,
            labels: labelValuesSource == .corpus
                ? labels.warningsWhereFound(among: plan.schedule.unitCount) : []
        )
    }
}
