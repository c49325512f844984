import Foundation
import Yams

/// A YAML or JSON file that an option names; JSON is YAML, so one reader reads both.
struct YAMLText {
    /// Where it was read from.
    let path: String
    private let flag: String
    private let text: String

    /// Reads a file.
    ///
    /// - Throws: `ToolError.missingInput`.
    init(_ path: String, flag: String) throws {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
            throw ToolError.missingInput("\(path): no such file, or not UTF-8 text (\(flag))")
        }
        self.path = path
        self.flag = flag
        self.text = text
    }

    /// The root; nil for a file without contents.
    ///
    /// - Throws: `ToolError.badConfiguration`.
    func root() throws -> Node? {
        do { return try compose(yaml: text) } catch { throw refused("not valid YAML") }
    }

    /// The value, whose form is described for the error.
    ///
    /// - Throws: `ToolError.badConfiguration`.
    func decoded<Value: Decodable>(_: Value.Type, form: String) throws -> Value {
        do { return try YAMLDecoder().decode(Value.self, from: text) } catch {
            throw refused("must be \(form)")
        }
    }

    /// What is wrong with the file.
    func refused(_ problem: String) -> ToolError {
        .badConfiguration("\(path): \(problem) (\(flag))")
    }
}
