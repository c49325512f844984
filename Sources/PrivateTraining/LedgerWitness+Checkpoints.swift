import Checkpoints
package import DifferentialPrivacy

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
