import DifferentialPrivacy
import Foundation

/// What a finished run is worth, as far as can be said without looking at a private record again.
///
/// It comes from the plan, from the list of measured runs, and from texts of the released model: all of it
/// post-processing. `verdict.json` in the run holds it. It says what the model makes of its labels; whether
/// that holds for real records only a comparison with real records tells.
package struct RunVerdict: Codable, Sendable, Equatable {
    /// The file's name in the run folder.
    package static let fileName = "verdict.json"

    /// The form of this file.
    package private(set) var format = 1
    /// The run.
    package let run: String
    /// The step that the weights are of.
    package let step: Int
    /// The label columns with more than one value.
    package let columns: [LabelSeparation]

    private enum CodingKeys: String, CodingKey {
        case format, run, step, columns
    }

    /// Puts a verdict together.
    package init(run: String, step: Int, columns: [LabelSeparation]) {
        self.run = run
        self.step = step
        self.columns = columns
    }

    /// Reads the verdict of a run; nil if it has none, or only one of other weights or another form.
    package static func read(from folder: String, of run: String, step: Int) -> RunVerdict? {
        guard let bytes = try? SystemFiles().contents(of: folder + "/" + fileName),
            let verdict = try? JSONDecoder().decode(Self.self, from: Data(bytes)),
            verdict.format == 1, verdict.run == run, verdict.step == step
        else { return nil }
        return verdict
    }

    /// Writes it into a run.
    ///
    /// - Throws: `LedgerError.fileFailed`.
    func write(to folder: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try SystemFiles().writeWholeFile(
            Self.fileName,
            in: folder,
            Array(try encoder.encode(self)) + [UInt8(ascii: "\n")]
        )
    }
}
