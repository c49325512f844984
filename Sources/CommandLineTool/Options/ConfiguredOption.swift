import Yams

/// One entry of a configuration file.
struct ConfiguredOption: Equatable {
    /// The option's name without dashes in front: `label-columns`.
    let name: String
    /// What stands for it on a command line.
    let arguments: [String]

    /// The model shape that a name stands for.
    static func shape(_ name: String) -> ConfiguredOption {
        ConfiguredOption(name: "shape", arguments: ["--shape=\(name)"])
    }

    private init(name: String, arguments: [String]) {
        self.name = name
        self.arguments = arguments
    }

    /// Its first value; empty for a flag.
    var value: String {
        arguments.first.map { String($0.drop { $0 != "=" }.dropFirst()) } ?? ""
    }

    /// Reads a key and its value.
    ///
    /// - Throws: `ToolError.badConfiguration` for a nested mapping or a key that is no name.
    init(key: Node, value: Node, path: String) throws {
        guard let name = key.scalar?.string.replacing("_", with: "-"),
            name.wholeMatch(of: /[a-z][a-z0-9-]*/) != nil
        else {
            let line = key.mark.map { "line \($0.line)" } ?? "a key"
            throw ToolError.badConfiguration(
                "\(path), \(line): not an option's name; write it as on the command line, "
                    + "without the dashes"
            )
        }
        self.name = name
        arguments = try Self.arguments(name: name, value: value, path: path)
    }

    private static func arguments(name: String, value: Node, path: String) throws -> [String] {
        switch value {
        case .scalar(let scalar):
            return argument(name: name, scalar: scalar)
        case .sequence(let elements):
            return try elements.flatMap { element in
                guard let scalar = element.scalar else { throw nested(value, path) }
                return ["--\(name)=\(scalar.string)"]
            }
        case .mapping, .alias:
            throw nested(value, path)
        }
    }

    private static func argument(name: String, scalar: Node.Scalar) -> [String] {
        let isPlain = scalar.style == .plain || scalar.style == .any
        switch (isPlain, scalar.string) {
        case (true, "true"): return ["--\(name)"]
        case (true, "false"), (true, "null"), (true, "~"), (true, ""): return []
        default: return ["--\(name)=\(scalar.string)"]
        }
    }

    /// Says where, not what the key is: the file may be another than was meant.
    private static func nested(_ value: Node, _ path: String) -> ToolError {
        let line = value.mark.map { ", line \($0.line)" } ?? ""
        return .badConfiguration("\(path)\(line): an option must be a value or a list of values")
    }
}
