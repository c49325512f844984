package import Kernels

/// The private training texts, prepared once for measuring every row's overlap with them.
package struct TrainingIndex: Sendable {
    /// Case-folded words of each text.
    let folded: [[UInt64]]
    /// What finds near-duplicates.
    let nearDuplicates: NearDuplicates

    /// Indexes `texts`.
    package init(_ texts: [String], parallel: ParallelFor) throws {
        folded = try TextFeatures(texts, parallel: parallel).folded
        nearDuplicates = try NearDuplicates(texts, parallel: parallel)
    }
}
