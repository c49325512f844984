/// Makes candidates from public knowledge: fresh ones and variations of given ones.
///
/// It never sees private data: what it is given are candidates, which depend on the corpus through
/// released histograms only.
package protocol CandidateGenerator<Candidate>: Sendable {
    /// What evolves: a text, a sequence of pixels.
    associatedtype Candidate: Codable & Hashable & Sendable

    /// Names all that candidates depend on besides their tasks: model, prompts, limits.
    var fingerprint: [UInt8] { get }

    /// Does all tasks, in any order, and delivers each result once, as soon as it has it.
    ///
    /// - Parameters:
    ///   - tasks: What to make.
    ///   - deliver: Keeps a candidate under its task's number; may be called from any thread. Once
    ///     it returns, the result survives the end of the process.
    /// - Throws: When it cannot go on; what was delivered is kept, and the rest is asked for again
    ///   when the run is resumed.
    func generate(
        _ tasks: [GenerationTask<Candidate>],
        deliver: @Sendable (_ number: Int, _ candidate: Candidate) throws -> Void
    ) async throws
}
