import DifferentialPrivacy
import Evaluation
import Foundation
import PrivateEvolution
import PrivatePrediction
import PrivateTraining

/// How ε grew in the runs that compared texts come from, by what their ledgers hold.
///
/// A run is found by the manifest beside a text: around the text, beside it, or in `checkpoints`. One that
/// is not there, or whose ledger cannot be read, is not drawn.
enum LedgerProgress {
    /// Points of a curve besides the last.
    private static let points = 12

    /// The runs of texts, one for each row whose run is here.
    static func all(of texts: [ComparedText]) -> [RunProgress] {
        texts.compactMap { text in
            let file =
                EvolutionFolder(path: text.path).text ?? PredictionFolder(path: text.path).text
                ?? text.path
            guard let manifest = try? Provenance.read(beside: file),
                let record = record(of: manifest.run, near: file)
            else { return nil }
            return try? progress(of: record, row: text.name)
        }
    }

    private static func record(of run: String, near file: String) -> LedgerRecord? {
        let folder = URL(filePath: file).deletingLastPathComponent()
        let around = [folder, folder.deletingLastPathComponent()]
        let beside = [folder, URL(filePath: "checkpoints")].flatMap { parent in
            let names = try? FileManager.default.contentsOfDirectory(atPath: parent.path)
            return (names ?? []).sorted().map { parent.appending(path: $0) }
        }
        for place in around + beside {
            guard let record = try? RunFolder(path: place.path).record(checkedBy: .allRuns),
                record.header.runIdentifier == run
            else { continue }
            return record
        }
        return nil
    }

    /// The curve of a ledger; nil for a run without a budget, or before its first release.
    static func progress(of record: LedgerRecord, row: String) throws -> RunProgress? {
        guard let delta = record.header.budget.delta, let total = try record.guarantee() else {
            return nil
        }
        func epsilon(_ event: PrivacyEvent) throws -> Double {
            try PrivacyAccounting.guarantee(of: event, delta: delta).epsilon
        }
        switch record.header.method {
        case .evolve, .fewshot:
            let events = record.releases.map(\.event)
            guard !events.isEmpty else { return nil }
            let parts = try (1..<max(events.count, 1)).map { count in
                RunProgress.Point(
                    done: count,
                    epsilon: try epsilon(.composed(Array(events.prefix(count))))
                )
            }
            return RunProgress(
                row: row,
                unit: "releases",
                points: parts + [.init(done: events.count, epsilon: total.epsilon)]
            )
        case .finetune:
            let step = record.header.planned.map(\.event).first {
                if case .poissonSampled = $0 { true } else { false }
            }
            guard let step, record.stepCount > 0 else { return nil }
            let counts = Set(
                (1..<points).map { max(1, record.stepCount * $0 / points) }
            ).filter { $0 < record.stepCount }.sorted()
            let parts = try counts.map {
                RunProgress.Point(done: $0, epsilon: try epsilon(.repeated(step, count: $0)))
            }
            return RunProgress(
                row: row,
                unit: "steps",
                points: parts + [.init(done: record.stepCount, epsilon: total.epsilon)]
            )
        }
    }
}
