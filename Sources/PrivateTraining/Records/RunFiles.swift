import Checkpoints
import Corpus
package import DifferentialPrivacy
import Foundation
import LanguageModel
import Training

/// The files of a run other than ledger and secret: how they appear, and how a run is found again.
struct RunFiles {
    /// What a checkpoint holds in its `state`.
    struct CheckpointState: Codable {
        /// How far the ledger had come; nil before the first step.
        var ledger: LedgerPosition?

        init(ledger: LedgerPosition?) { self.ledger = ledger }

        /// Reads the state of a checkpoint's header.
        init(_ header: CheckpointHeader) throws {
            self = try JSONDecoder().decode(Self.self, from: Data(header.state.utf8))
        }
    }

    let folder: String

    /// Fills a new run folder: model configuration, tokenizer, the model at step 0.
    ///
    /// Runs before the folder has its name, so none of these files is ever missing from a run.
    func populate(_ state: TrainingState, _ tokenizer: BytePairTokenizer) throws {
        let files = SystemFiles()
        let configuration = state.parameters.configuration
        try tokenizer.save(to: folder)
        try files.writeNewFile(
            folder + "/config.json",
            Array(
                configuration.huggingFaceJSON(
                    endOfText: tokenizer.endOfText,
                    beginningOfText: tokenizer.beginningOfText
                ).utf8
            )
        )
        _ = try write(state, ledger: nil)
    }

    /// Writes a checkpoint of the present state.
    ///
    /// - Returns: Its path, once it is durable.
    func write(_ state: TrainingState, ledger: LedgerPosition?) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let json = try encoder.encode(CheckpointState(ledger: ledger))
        let header = CheckpointHeader(
            step: state.step,
            configuration: state.parameters.configuration,
            state: String(decoding: json, as: UTF8.self),
            productVersion: ProductVersion.current
        )
        return try CheckpointWriter(folder: folder).write(header, state.sections)
    }

    /// Opens the newest valid checkpoint and reads how far the ledger had come.
    func newest() throws -> (reader: CheckpointReader, ledger: LedgerPosition?) {
        let reader = try CheckpointReader.openNewest(in: folder).reader
        return (reader, try ledgerPosition(at: reader.header))
    }

    /// How far the ledger had come at a checkpoint; nil before the first step.
    private func ledgerPosition(at header: CheckpointHeader) throws -> LedgerPosition? {
        do { return try CheckpointState(header).ledger } catch {
            throw TrainingError.damagedRun(
                path: folder,
                problem: "the newest checkpoint does not say how far the ledger was"
            )
        }
    }

    /// Refuses an earlier state of a finished run, whose last one cannot be computed again.
    ///
    /// - Parameters:
    ///   - header: That of the newest valid checkpoint; nil if the weights are in none.
    ///   - record: What the ledger says.
    /// - Throws: `TrainingError.damagedRun`; also if the checkpoint does not say how far the ledger
    ///   was, as it is no witness then.
    func requireFinal(_ header: CheckpointHeader?, _ record: LedgerRecord) throws {
        guard let last = record.completedSteps else { return }
        guard let header, header.step == last else {
            throw TrainingError.damagedRun(
                path: folder,
                problem: "the run is finished, but its checkpoint of step \(last) is damaged or"
                    + " gone"
            )
        }
        _ = try ledgerPosition(at: header)
    }
}

extension LedgerWitness {
    /// The newest checkpoint of a fine-tuning run, which knows how far the ledger had come.
    ///
    /// Only its header is read. Its digest, which takes a look at every byte, is computed when the
    /// ledger seems to be too short: a damaged file is no witness.
    package static let checkpoints = LedgerWitness { folder, record in
        for checkpoint in (try? CheckpointReader.checkpoints(in: folder)) ?? [] {
            guard let header = try? CheckpointReader.header(ofFile: checkpoint.path),
                let state = try? RunFiles.CheckpointState(header)
            else { continue }
            guard let position = state.ledger, !record.covers(position) else { return nil }
            guard (try? FileDigest.check(checkpoint.path)) != nil else { continue }
            return position
        }
        return nil
    }
}
