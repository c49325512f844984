import Corpus
package import DifferentialPrivacy
import Foundation

/// The folder of one evolution on disk: begun, continued, finished.
package struct EvolutionRun {
    static let planName = "evolution.json"

    /// Where state is kept.
    package let folder: EvolutionFolder
    /// What was planned when the run began; it is never solved again.
    package let plan: EvolutionPlan
    /// The ledger, open for writing.
    package let ledger: PrivacyLedger
    private let classes: TextClasses

    /// Begins a run: plan, secret and ledger appear together.
    ///
    /// - Parameters:
    ///   - path: The run folder; it must not exist, or be empty.
    ///   - plan: What to do.
    ///   - classes: The classes of its texts.
    ///   - secret: Where its noise comes from.
    ///   - header: Whose data; its promise must be the plan's.
    /// - Returns: The run, open.
    /// - Throws: `LedgerError`: `alreadyExists`, `targetExceeded`, …
    package static func begin(
        path: String,
        plan: EvolutionPlan,
        classes: TextClasses,
        secret: RunSecret,
        header: LedgerHeader
    ) throws -> EvolutionRun {
        let bytes = try EvolutionFolder.encode(plan)
        let ledger = try RunFolder(path: path).create(
            secret: secret,
            header: header,
            populate: { try SystemFiles().writeNewFile($0 + "/" + planName, bytes) }
        )
        return EvolutionRun(
            folder: EvolutionFolder(path: path),
            plan: plan,
            ledger: ledger,
            classes: classes
        )
    }

    /// Continues a run; nil if it is not there.
    ///
    /// - Parameters:
    ///   - path: The run folder.
    ///   - settings: What is asked for now; it must be what the run began with.
    ///   - budget: Likewise.
    ///   - classes: The classes of its texts.
    ///   - sources: What proposes and embeds now; likewise.
    /// - Returns: The run, open; nil if there is none.
    /// - Throws: `PrivateEvolutionError.otherSettings`, `damagedState`; `LedgerError`.
    package static func resume(
        path: String,
        settings: EvolutionSettings,
        budget: PrivacyBudget,
        classes: TextClasses,
        sources: EvolutionSources? = nil
    ) throws -> EvolutionRun? {
        let folder = EvolutionFolder(path: path)
        guard
            let ledger = try RunFolder(path: path).resume(
                covering: try folder.newestPosition(iterations: settings.iterations)
            )
        else { return nil }
        let plan = try EvolutionPlan.read(from: path, of: ledger.record.header)
        guard plan.settings == settings, plan.budget == budget,
            plan.sources == nil || plan.sources == sources
        else {
            throw PrivateEvolutionError.otherSettings(path: path)
        }
        return EvolutionRun(folder: folder, plan: plan, ledger: ledger, classes: classes)
    }

    /// Where the texts of the run are.
    package var output: String { folder.path + "/" + EvolutionFolder.textName }

    /// Writes the kept texts of an iteration beside its state, as `sample` writes them.
    package func publish(_ iteration: Int, _ kept: [Individual<String>]) throws {
        try write(kept, to: try folder.iteration(iteration) + "/" + EvolutionFolder.textName)
    }

    /// Writes the texts of the last iteration, closes the ledger, and writes the manifest.
    ///
    /// In that order, as the manifest says that nothing can follow. Who is stopped before it is there
    /// has a finished run: see `restoreManifest`.
    ///
    /// - Parameters:
    ///   - kept: What the last iteration kept.
    ///   - witness: What tells of each run around this one how far its ledger had come.
    /// - Returns: The manifest, as written; its guarantee is what the ledger says was spent.
    /// - Throws: When a file cannot be written or ε not be bounded; the run can then be continued.
    @discardableResult
    package func finish(
        _ kept: [Individual<String>],
        checkedBy witness: LedgerWitness = .iterations
    ) throws -> PrivacyManifest {
        try write(kept, to: output)
        try ledger.finish(steps: plan.settings.iterations)
        return try writeManifest(checkedBy: witness)
    }

    /// Writes the manifest of a finished run that has none, or none that knows of its end.
    ///
    /// The first was stopped just before it, the second is of an earlier version. One that is there
    /// stays, whatever became of the texts.
    ///
    /// - Parameter witness: What tells of each run around this one how far its ledger had come.
    /// - Throws: `PrivateEvolutionError.damagedState` if the texts are not those of the last iteration;
    ///   when a file cannot be written or ε not be bounded.
    package func restoreManifest(checkedBy witness: LedgerWitness = .iterations) throws {
        let path = folder.path + "/" + PrivacyManifest.fileName
        if let bytes = try folder.files.contents(of: path) {
            let stated = try? PrivacyManifest(fileContents: bytes, path: path)
            guard let stated, !stated.ledger.isComplete else { return }
        }
        let last = folder.path + "/" + EvolutionFolder.iterationName(plan.settings.iterations)
        let (name, kept) = (EvolutionFolder.textName, try folder.files.names(in: last) ?? [])
        guard kept.contains(name),
            try ReleasedFile(name, in: last) == ReleasedFile(name, in: folder.path)
        else {
            throw PrivateEvolutionError.damagedState(
                path: output,
                reason: "it is not what the last iteration kept"
            )
        }
        try writeManifest(checkedBy: witness)
    }

    @discardableResult
    private func writeManifest(checkedBy witness: LedgerWitness) throws -> PrivacyManifest {
        let record = ledger.record
        let parent = LedgerDirectory(path: ledger.folder.parent)
        var manifest = try EvolutionManifest(
            plan: plan,
            record: record,
            runs: try parent.records(on: record.header.corpus, checkedBy: witness).map(\.record)
        ).manifest
        manifest.files = [try ReleasedFile(EvolutionFolder.textName, in: folder.path)]
        let pieces = [
            (PrivacyManifest.pageName, Array(try manifest.page.utf8)),
            (PrivacyManifest.fileName, try manifest.fileContents()),
        ]
        for (name, bytes) in pieces {
            try folder.files.writeWholeFile(name, in: folder.path, bytes)
        }
        return manifest
    }

    private func write(_ kept: [Individual<String>], to path: String) throws {
        let writer = try SyntheticTextWriter(
            path: path,
            labelColumns: classes.labelSet?.columns ?? []
        )
        for individual in kept {
            try writer.write(
                text: Array(individual.candidate.utf8),
                labels: classes.labels(ofClass: individual.classIndex)
            )
        }
        try writer.finish()
    }
}
