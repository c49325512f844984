import Yams

/// An option of a sweep's file: one value, or a mapping of ε to values.
struct SweepOption {
    /// Without dashes in front.
    let name: String
    /// By ε; an ε that is left out of a mapping does without the option.
    private let arguments: [String: [String]]

    /// Reads a key and its value.
    ///
    /// - Throws: `ToolError.badConfiguration`, also for an ε that the sweep does not have.
    init(key: Node, value: Node, epsilons: [String], path: String) throws {
        guard let mapping = value.mapping else {
            let option = try ConfiguredOption(key: key, value: value, path: path)
            name = option.name
            arguments = Dictionary(uniqueKeysWithValues: epsilons.map { ($0, option.arguments) })
            return
        }
        var name = ""
        var arguments: [String: [String]] = [:]
        for (epsilon, value) in mapping {
            let option = try ConfiguredOption(key: key, value: value, path: path)
            name = option.name
            guard let epsilon = epsilon.scalar?.string, epsilons.contains(epsilon) else {
                let line = value.mark.map { ", line \($0.line)" } ?? ""
                throw ToolError.badConfiguration(
                    "\(path)\(line): an option names an ε that is not among the sweep's epsilons"
                )
            }
            arguments[epsilon] = option.arguments
        }
        (self.name, self.arguments) = (name, arguments)
    }

    /// What stands for the option on a command line at an ε.
    func arguments(at epsilon: String) -> [String] { arguments[epsilon] ?? [] }
}
