/// A place among the competing candidates, before it is filled.
enum CandidateSlot<Candidate: Codable & Hashable & Sendable>: Sendable {
    case fresh(classIndex: Int)
    case parent(Individual<Candidate>)
    case variation(of: Individual<Candidate>, degree: Double)

    var classIndex: Int {
        switch self {
        case .fresh(let classIndex): classIndex
        case .parent(let parent), .variation(let parent, _): parent.classIndex
        }
    }

    /// What is in the place already.
    var existing: Candidate? {
        guard case .parent(let parent) = self else { return nil }
        return parent.candidate
    }

    /// What a generator has to do for it.
    func task(number: Int, seed: UInt64) -> GenerationTask<Candidate>? {
        switch self {
        case .parent: nil
        case .fresh(let classIndex):
            GenerationTask(
                number: number,
                classIndex: classIndex,
                parent: nil,
                degree: 1,
                seed: seed
            )
        case .variation(let parent, let degree):
            GenerationTask(
                number: number,
                classIndex: parent.classIndex,
                parent: parent.candidate,
                degree: degree,
                seed: seed
            )
        }
    }
}
