import DifferentialPrivacy
import Synchronization

extension PrivateEvolution {
    /// The candidates that compete in an iteration, class after class.
    func population(
        _ iteration: Int,
        sizes: [Int],
        kept: [Individual<Candidate>],
        seeds: IterationSeeds,
        observe: @escaping @Sendable (EvolutionProgress) -> Void
    ) async throws -> [Individual<Candidate>] {
        let file = CandidateFile<Candidate>(
            folder: folder,
            iteration: iteration,
            name: "candidates"
        )
        if let complete = try file.read() { return complete }
        var generator = seeds.generator(for: .candidates)
        let slots =
            iteration == 1
            ? freshSlots(sizes) : offspringSlots(kept, degree: degree(iteration))
        let tasks = slots.enumerated().map { number, slot in
            slot.task(number: number, seed: generator.next())
        }
        let made = try await fill(file, iteration, tasks: tasks.compactMap(\.self), observe)
        return try file.write(
            zip(slots, 0...).map { slot, number in
                Individual(
                    classIndex: slot.classIndex,
                    candidate: try slot.existing ?? made.take(number, iteration, of: slots.count)
                )
            }
        )
    }

    /// K variations of each candidate, candidate after candidate.
    func lookahead(
        _ iteration: Int,
        population: [Individual<Candidate>],
        seeds: IterationSeeds,
        observe: @escaping @Sendable (EvolutionProgress) -> Void
    ) async throws -> [Individual<Candidate>] {
        guard settings.lookahead > 0 else { return [] }
        let file = CandidateFile<Candidate>(
            folder: folder,
            iteration: iteration,
            name: "lookahead"
        )
        if let complete = try file.read() { return complete }
        var generator = seeds.generator(for: .lookahead)
        let parents = population.flatMap { Array(repeating: $0, count: settings.lookahead) }
        let tasks = parents.enumerated().map { number, parent in
            GenerationTask(
                number: number,
                classIndex: parent.classIndex,
                parent: parent.candidate,
                degree: degree(iteration),
                seed: generator.next()
            )
        }
        let made = try await fill(file, iteration, tasks: tasks, observe)
        return try file.write(
            zip(parents, 0...).map { parent, number in
                Individual(
                    classIndex: parent.classIndex,
                    candidate: try made.take(number, iteration, of: parents.count)
                )
            }
        )
    }

    private func degree(_ iteration: Int) -> Double {
        settings.degrees.degree(forIteration: iteration, of: settings.iterations)
    }

    private func freshSlots(_ sizes: [Int]) -> [CandidateSlot<Candidate>] {
        sizes.enumerated().flatMap { index, size in
            Array(repeating: .fresh(classIndex: index), count: size * settings.variations)
        }
    }

    private func offspringSlots(
        _ kept: [Individual<Candidate>],
        degree: Double
    ) -> [CandidateSlot<Candidate>] {
        kept.flatMap { parent in
            let variation = CandidateSlot.variation(of: parent, degree: degree)
            switch settings.parents {
            case .compete:
                return [.parent(parent)]
                    + Array(repeating: variation, count: settings.variations - 1)
            case .replaced:
                return Array(repeating: variation, count: settings.variations)
            }
        }
    }

    /// Has the tasks done that were not done before the run was interrupted.
    private func fill(
        _ file: CandidateFile<Candidate>,
        _ iteration: Int,
        tasks: [GenerationTask<Candidate>],
        _ observe: @escaping @Sendable (EvolutionProgress) -> Void
    ) async throws -> [Int: Candidate] {
        let journal = try file.journal()
        let known = journal.results
        let done = Mutex(known.count)
        observe(.generating(iteration: iteration, done: known.count, of: tasks.count))
        let open = tasks.filter { known[$0.number] == nil }
        if !open.isEmpty {
            try await generator.generate(open) { number, candidate in
                try journal.append(number, candidate)
                let count = done.withLock {
                    $0 += 1
                    return $0
                }
                observe(.generating(iteration: iteration, done: count, of: tasks.count))
            }
        }
        return journal.results
    }
}

extension Dictionary where Key == Int {
    /// The candidate of that number, which a generator must have delivered.
    fileprivate func take(_ number: Int, _ iteration: Int, of asked: Int) throws -> Value {
        guard let candidate = self[number] else {
            throw PrivateEvolutionError.missingCandidates(
                iteration: iteration,
                asked: asked,
                received: count
            )
        }
        return candidate
    }
}

/// Where the public randomness of one iteration starts: the same again when a run is continued.
struct IterationSeeds: Sendable {
    private let key: StepKey

    init(iteration: Int, ledger: PrivacyLedger) throws {
        key = try ledger.publicKey(label: "evolution \(iteration)")
    }

    /// What a stage of the iteration draws for.
    enum Stage: UInt64 { case candidates, lookahead, selection }

    /// A stream of uniform words for a stage.
    func generator(for stage: Stage) -> KeyStreamGenerator {
        KeyStreamGenerator(key.stream(for: .decoding, lane: stage.rawValue))
    }
}

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
