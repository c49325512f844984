import DifferentialPrivacy
import Foundation

/// The candidates of one stage on disk: a journal while they are made, one file when complete.
struct CandidateFile<Candidate: Codable & Hashable & Sendable>: Sendable {
    private let storage: EvolutionFolder
    private let iteration: Int
    private let name: String

    init(folder: EvolutionFolder, iteration: Int, name: String) {
        storage = folder
        self.iteration = iteration
        self.name = name
    }

    /// The complete candidates; nil if the stage is not done.
    func read() throws -> [Individual<Candidate>]? {
        guard let bytes = try contents() else { return nil }
        return try bytes.split(separator: UInt8(ascii: "\n")).map { line in
            guard
                let individual = try? JSONDecoder().decode(
                    Individual<Candidate>.self,
                    from: Data(line)
                )
            else {
                throw PrivateEvolutionError.damagedState(
                    path: try path(),
                    reason: "a line is not a candidate"
                )
            }
            return individual
        }
    }

    /// The bytes of the complete file, for digests; nil if the stage is not done.
    func contents() throws -> [UInt8]? { try storage.files.contents(of: try path()) }

    /// The results as they arrive.
    func journal() throws -> CandidateJournal<Candidate> {
        try CandidateJournal(path: try path() + ".partial", files: storage.files)
    }

    /// Makes the stage complete and durable, and drops the journal.
    func write(_ individuals: [Individual<Candidate>]) throws -> [Individual<Candidate>] {
        var bytes: [UInt8] = []
        for individual in individuals {
            bytes += try EvolutionFolder.encode(individual)
            bytes.append(UInt8(ascii: "\n"))
        }
        let folder = try storage.iteration(iteration)
        try storage.files.writeWholeFile(name + ".jsonl", in: folder, bytes)
        let partial = try path() + ".partial"
        if try storage.files.contents(of: partial) != nil {
            try storage.files.removeFile(partial)
        }
        return individuals
    }

    private func path() throws -> String {
        try storage.iteration(iteration) + "/" + name + ".jsonl"
    }
}
