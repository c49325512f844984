package import DifferentialPrivacy
import Foundation
import PrivateEvolution

/// Where a prediction keeps its state: public values, noisy counts, texts.
///
///     prediction.json      what was fixed beforehand
///     classes.json         noisy class counts, if they are released
///     texts.jsonl          each text as it is done
///     progress.json        how far the ledger had come when a text was begun
///     synthetic.csv        all texts, once the run is done
package struct PredictionFolder: Sendable {
    /// The file of texts.
    package static let textName = "synthetic.csv"
    private static let journalName = "texts.jsonl"
    private static let countsName = "classes.json"
    private static let progressName = "progress.json"

    /// The folder of the run.
    package let path: String
    private let files: any FileOperations

    /// Names the folder.
    package init(path: String, files: any FileOperations = SystemFiles()) {
        self.path = path
        self.files = files
    }

    /// The file of texts of a run; nil if this is no run's folder, or there is none yet.
    package var text: String? {
        guard let names = try? files.names(in: path), names.contains(Self.textName),
            names.contains(PredictionPlan.fileName)
        else { return nil }
        return path + "/" + Self.textName
    }

    /// Noisy counts of records by class, and where the ledger ended once they were released.
    struct Counts: Codable, Equatable {
        let counts: [Double]
        let ledger: LedgerPosition
    }

    /// The texts that are done.
    func journal() throws -> CandidateJournal<WrittenText> {
        try CandidateJournal(path: path + "/" + Self.journalName, files: files)
    }

    /// How many texts are done.
    package func textsDone() throws -> Int { try texts().count }

    /// The texts that are done, in no order.
    func texts() throws -> [WrittenText] {
        guard let bytes = try files.contents(of: path + "/" + Self.journalName) else { return [] }
        return CandidateJournal<WrittenText>.results(in: bytes)
    }

    func counts() throws -> Counts? { try read(Counts.self, from: Self.countsName) }

    func write(_ counts: Counts) throws { try write(counts, to: Self.countsName) }

    /// Remembers that the ledger has come that far, before anything is chosen.
    func remember(_ position: LedgerPosition) throws {
        try write(position, to: Self.progressName)
    }

    /// The furthest place in the ledger that any file of the run knows of.
    package func newestPosition() throws -> LedgerPosition? {
        let known = [try read(LedgerPosition.self, from: Self.progressName), try counts()?.ledger]
        return known.compactMap(\.self).max { $0.entries < $1.entries }
    }

    /// H(how many texts each class has): the released state that texts depend on.
    func digest(ofSizes sizes: [Int]) -> ContentDigest {
        ContentDigest(
            domain: "prediction-state",
            fields: [("sizes", Array("\(sizes)".utf8))]
        )
    }

    private func write(_ value: some Encodable, to name: String) throws {
        let bytes = Array(try JSONEncoder.spellingInfinity().encode(value))
        try files.writeWholeFile(name, in: path, bytes)
    }

    private func read<Value: Decodable>(_: Value.Type, from name: String) throws -> Value? {
        let file = "\(path)/\(name)"
        guard let bytes = try files.contents(of: file) else { return nil }
        do {
            return try JSONDecoder.spellingInfinity().decode(Value.self, from: Data(bytes))
        } catch {
            throw PrivatePredictionError.damagedState(path: file, reason: "it cannot be read")
        }
    }
}

/// A text that is done, and how many tokens were chosen for it.
struct WrittenText: Codable, Equatable, Sendable {
    let text: String
    let tokens: Int
}

extension LedgerWitness {
    /// The files of a prediction, which know how far its ledger had come.
    package static let predictions = LedgerWitness { folder, record in
        guard record.header.method == .fewshot else { return nil }
        let position = try? PredictionFolder(path: folder).newestPosition()
        guard let position, !record.covers(position) else { return nil }
        return position
    }
}
