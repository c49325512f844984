import SeededRandomness

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

/// One candidate to be made.
package struct GenerationTask<Candidate: Sendable>: Sendable {
    /// The candidate's place in its iteration, from 0; results are delivered under this number.
    package let number: Int
    /// Its class.
    package let classIndex: Int
    /// What it is to be a variation of; nil for a fresh one.
    package let parent: Candidate?
    /// The share of the parent that is to change, in (0, 1].
    package let degree: Double
    /// Where its own random draws start, so that it does not depend on the tasks beside it.
    package let seed: UInt64

    /// The same task, but for how much of the parent changes.
    func changing(_ degree: Double) -> GenerationTask {
        GenerationTask(
            number: number,
            classIndex: classIndex,
            parent: parent,
            degree: degree,
            seed: seed
        )
    }

    /// The task of a fresh candidate in its place.
    var fresh: GenerationTask {
        GenerationTask(number: number, classIndex: classIndex, parent: nil, degree: 1, seed: seed)
    }
}

extension SplitMix64 {
    /// Starts the draws of one generation task; another attempt at the same task is another stream.
    init(task seed: UInt64, attempt: Int) {
        self.init(seed: seed &+ UInt64(attempt) &* 0xA076_1D64_78BD_642F)
    }
}
