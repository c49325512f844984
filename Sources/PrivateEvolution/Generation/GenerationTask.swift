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
