package import DifferentialPrivacy
import Foundation

/// Where an evolution keeps its state: public values and noisy counts, nothing else.
///
///     evolution.json                     settings, class sizes once known
///     iteration-003/candidates.jsonl     the candidates that competed, one a line
///     iteration-003/lookahead.jsonl      their look-ahead variations
///     iteration-003/histogram.json       the noisy votes and what they were counted for
///     iteration-003/synthetic.csv        the texts that were kept
///     iteration-003/*.partial            results of generators, as they arrive
///
/// A file appears under its name only when it is complete and durable, so each one that is there
/// marks a stage that is done.
package struct EvolutionFolder: Sendable {
    /// The name of a file of kept texts: of the run, or of an iteration in its folder.
    package static let textName = "synthetic.csv"

    /// The folder of the run.
    package let path: String
    let files: any FileOperations

    /// Names the folder.
    package init(path: String, files: any FileOperations = SystemFiles()) {
        self.path = path
        self.files = files
    }

    /// The folder of an iteration, from 1; made if it is not there.
    package func iteration(_ number: Int) throws -> String {
        let folder = path + "/" + Self.iterationName(number)
        guard try files.names(in: folder) == nil else { return folder }
        try files.createFolder(folder)
        try files.synchronizeFolder(path)
        return folder
    }

    /// The file of texts of a run or of one of its iterations; nil if this is the folder of neither.
    package var text: String? {
        guard let names = try? files.names(in: path), names.contains(Self.textName),
            names.contains(EvolutionPlan.fileName) || names.contains(HistogramFile.name)
        else { return nil }
        return path + "/" + Self.textName
    }

    /// The files of texts that are there: those of the run, then those of each of its iterations.
    package func texts(iterations: Int) throws -> [String] {
        let folders =
            [path] + (1...max(iterations, 1)).map { path + "/" + Self.iterationName($0) }
        return try folders.filter { try files.names(in: $0)?.contains(Self.textName) ?? false }
            .map { $0 + "/" + Self.textName }
    }

    /// How many iterations have their votes, which the ledger has paid for.
    package func iterationsVoted() throws -> Int {
        let names = try files.names(in: path) ?? []
        return try names.filter { name in
            guard name.hasPrefix("iteration-") else { return false }
            return try files.names(in: path + "/" + name)?.contains(HistogramFile.name) ?? false
        }.count
    }

    /// "iteration-" and at least three digits.
    static func iterationName(_ number: Int) -> String {
        let digits = String(number)
        return "iteration-" + String(repeating: "0", count: max(0, 3 - digits.utf8.count)) + digits
    }

    /// Writes a value as JSON with sorted keys.
    func writeJSON(_ value: some Encodable, to name: String, in folder: String) throws {
        try files.writeWholeFile(name, in: folder, Self.encode(value))
    }

    /// Reads a JSON file; nil if it is not there.
    func read<Value: Decodable>(_: Value.Type, from name: String, in folder: String) throws
        -> Value?
    {
        let file = "\(folder)/\(name)"
        guard let bytes = try files.contents(of: file) else { return nil }
        return try Self.decode(Value.self, bytes, path: file)
    }

    /// - Throws: `PrivateEvolutionError.damagedState`.
    static func decode<Value: Decodable>(_: Value.Type, _ bytes: [UInt8], path: String) throws
        -> Value
    {
        do {
            return try JSONDecoder.spellingInfinity().decode(Value.self, from: Data(bytes))
        } catch {
            throw PrivateEvolutionError.damagedState(path: path, reason: "it cannot be read")
        }
    }

    static func encode(_ value: some Encodable) throws -> [UInt8] {
        Array(try JSONEncoder.spellingInfinity().encode(value))
    }
}

extension EvolutionFolder {
    /// The furthest place in the ledger that any file of the run knows of.
    package func newestPosition(iterations: Int) throws -> LedgerPosition? {
        guard let names = try files.names(in: path) else { return nil }
        var positions: [LedgerPosition] = []
        if let file = try read(ClassSizesFile.self, from: ClassSizesFile.name, in: path) {
            positions += [file.ledger].compactMap(\.self)
        }
        for number in 1...max(iterations, 1) where names.contains(Self.iterationName(number)) {
            let place = path + "/" + Self.iterationName(number)
            if let file = try read(HistogramFile.self, from: HistogramFile.name, in: place) {
                positions.append(file.ledger)
            }
        }
        return positions.max { $0.entries < $1.entries }
    }
}

extension LedgerWitness {
    /// The noisy counts of an evolution, each of which knows how far the ledger had come.
    package static let iterations = LedgerWitness { folder, record in
        guard record.header.method == .evolve else { return nil }
        let most = record.header.planned.reduce(0) { $0 + $1.count }
        let position = try? EvolutionFolder(path: folder).newestPosition(iterations: most)
        guard let position, !record.covers(position) else { return nil }
        return position
    }
}

/// The sizes of the classes on disk, and the noisy counts they come from, if they do.
struct ClassSizesFile: Codable, Equatable, Sendable {
    static let name = "classes.json"

    /// How many texts each class keeps.
    let sizes: [Int]
    /// Noisy counts of units by class; nil if the user stated the distribution.
    let noisyCounts: [Double]?
    /// Where the ledger ended once that release was recorded.
    let ledger: LedgerPosition?

    private enum CodingKeys: String, CodingKey {
        case sizes, ledger
        case noisyCounts = "noisy_counts"
    }
}

/// A noisy histogram on disk, with what it was released for.
package struct HistogramFile: Codable, Equatable, Sendable {
    static let name = "histogram.json"

    /// The noisy counts, in votes, one a candidate in the order of `candidates.jsonl`.
    package let counts: [Double]
    /// σ, the standard deviation of the noise.
    package let noiseMultiplier: Double
    /// H(what the counts are for): candidates and look-ahead variations.
    package let state: ContentDigest
    /// Where the ledger ended once the release was recorded.
    package let ledger: LedgerPosition

    private enum CodingKeys: String, CodingKey {
        case counts, state, ledger
        case noiseMultiplier = "noise_multiplier"
    }
}
