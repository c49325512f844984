package import DifferentialPrivacy
import Foundation
import Synchronization

/// Keeps what a generator delivers, one line a result, so that a killed run loses none of it.
///
/// Lines arrive in any order; a line that was cut off is dropped when the journal is opened again.
package final class CandidateJournal<Candidate: Codable & Sendable>: Sendable {
    struct Line: Codable {
        let number: Int
        let candidate: Candidate
    }

    private struct State: ~Copyable {
        let file: OpenFile
        var results: [Int: Candidate]
    }

    private let state: Mutex<State>
    private let files: any FileOperations

    /// Opens or makes the journal and reads what is in it.
    package init(path: String, files: any FileOperations) throws {
        self.files = files
        guard let bytes = try files.contents(of: path) else {
            state = Mutex(State(file: try files.createFile(path), results: [:]))
            return
        }
        let file = try files.openFile(path)
        let (results, length) = Self.parse(bytes)
        if length < bytes.count { try files.truncate(file, to: length) }
        state = Mutex(State(file: file, results: results))
    }

    /// The results so far, by number.
    package var results: [Int: Candidate] { state.withLock { $0.results } }

    /// Appends a result, unless that number has one.
    package func append(_ number: Int, _ candidate: Candidate) throws {
        let line = try EvolutionFolder.encode(Line(number: number, candidate: candidate))
        try state.withLock { state in
            guard state.results[number] == nil else { return }
            try files.append(line + [UInt8(ascii: "\n")], to: state.file)
            state.results[number] = candidate
        }
    }

    /// The results in the bytes of a journal, in no order.
    package static func results(in bytes: [UInt8]) -> [Candidate] { Array(parse(bytes).0.values) }

    /// Reads whole lines up to the first that is none; tells how many bytes they are.
    private static func parse(_ bytes: [UInt8]) -> ([Int: Candidate], length: Int) {
        var results: [Int: Candidate] = [:]
        var start = 0
        while let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")),
            let line = try? JSONDecoder().decode(Line.self, from: Data(bytes[start..<end]))
        {
            results[line.number] = line.candidate
            start = end + 1
        }
        return (results, start)
    }
}
