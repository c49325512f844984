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
