import Corpus
import Foundation

/// The label columns of a run, as its `run.json` states them.
enum RunLabels {
    private struct RunFile: Decodable {
        let labels: LabelSet
    }

    /// The label set of the run in that folder; nil for a plain model, or a run without labels.
    ///
    /// - Throws: `ToolError.integrityViolated` if `run.json` cannot be read.
    static func labelSet(inRun folder: String) throws -> LabelSet? {
        let path = folder + "/run.json"
        guard let data = FileManager.default.contents(atPath: path) else { return nil }
        do {
            let set = try JSONDecoder().decode(RunFile.self, from: data).labels
            return set.columns.isEmpty ? nil : set
        } catch {
            throw ToolError.integrityViolated("\(path): not a description of a run; restore it")
        }
    }
}
