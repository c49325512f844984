import Evaluation
import Foundation

/// `--canaries FILE`: planted texts, each with the fillers that it is ranked among.
enum CanaryFile {
    /// Reads `[{"text": "…", "fillers": ["…", …]}, …]`, every text with at least one filler.
    ///
    /// - Throws: `ToolError`; its message quotes none of the texts.
    static func read(_ path: String) throws -> [Canary] {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw ToolError.missingInput("\(path): no such file (--canaries)")
        }
        guard let canaries = try? JSONDecoder().decode([Canary].self, from: data),
            !canaries.isEmpty, canaries.allSatisfy({ !$0.fillers.isEmpty && !$0.text.isEmpty })
        else {
            throw ToolError.badConfiguration(
                "\(path): must be a JSON list of {\"text\", \"fillers\"}, every list of fillers with "
                    + "at least one text (--canaries)"
            )
        }
        return canaries
    }
}
