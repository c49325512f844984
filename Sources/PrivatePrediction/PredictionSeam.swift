import DifferentialPrivacy

/// Where tests of a debug build plant a defect in private prediction.
///
/// In a release build it returns what it was given.
enum PredictionSeam {
    /// The tokens that may come next; those of a private prompt if that is the defect.
    static func candidates(
        _ right: TokenCandidates?,
        ofRecord logits: [Float],
        mostLikely count: Int
    ) -> TokenCandidates? {
        #if DEBUG
        guard PlantedFault.current?.kind == .candidatesOfRecords else { return right }
        return TokenCandidates(publicLogits: logits, mostLikely: count)
        #else
        return right
        #endif
    }
}
