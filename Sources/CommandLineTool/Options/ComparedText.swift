import Evaluation
import Foundation
import Yams

/// One synthetic text to compare: from `--synthetic`, or an entry of a file for `--sweep`.
struct ComparedText: Equatable {
    /// The row's name.
    let name: String
    /// Which curve it belongs to.
    let series: String
    let path: String
    /// What the user says it guarantees; a manifest beside the text wins over it.
    let stated: PrivacyClaim?

    /// Puts the options together.
    ///
    /// - Parameters:
    ///   - synthetic: `NAME=PATH`, as `SyntheticArgument` reads them.
    ///   - claims: YAML or JSON file: `NAME: {epsilon: …, delta: …}`.
    ///   - sweep: YAML or JSON file: a list of `{name: …, path: …, epsilon: …, delta: …}`; entries
    ///     of one name are one curve.
    ///   - run: Makes the texts of a sweep that is a mapping: see `SweepFile`.
    /// - Returns: The texts in the order of their rows; at least one.
    /// - Throws: `ToolError`.
    static func all(
        synthetic: [String],
        claims: String?,
        sweep: String?,
        run: (SweepFile) throws -> [ComparedText]
    ) throws -> [ComparedText] {
        let named = try SyntheticArgument.parse(synthetic)
        let stated = try claims.map {
            try read([String: StatedGuarantee].self, from: $0, "--claims", "a mapping of names")
        }
        for name in (stated ?? [:]).keys.sorted() where !named.contains(where: { $0.name == name })
        {
            throw ToolError.usage("\(claims ?? ""): --synthetic names no '\(name)' (--claims)")
        }
        let single = try named.map { argument in
            ComparedText(
                name: argument.name,
                series: argument.name,
                path: argument.path,
                stated: try stated?[argument.name]?.claim(at: "\(claims ?? ""), \(argument.name)")
            )
        }
        let all = single + (try sweep.map { try SweepFile.read($0).map(run) ?? entries($0) } ?? [])
        guard !all.isEmpty else {
            throw ToolError.usage("name text to compare with --synthetic NAME=PATH or --sweep FILE")
        }
        return all
    }

    private struct Entry: Decodable {
        let name: String
        let path: String
        let stated: StatedGuarantee

        private enum CodingKeys: CodingKey { case name, path }

        init(from decoder: any Decoder) throws {
            let values = try decoder.container(keyedBy: CodingKeys.self)
            name = try values.decode(String.self, forKey: .name)
            path = try values.decode(String.self, forKey: .path)
            stated = try StatedGuarantee(from: decoder)
        }
    }

    private static func entries(_ file: String) throws -> [ComparedText] {
        let entries = try read([Entry].self, from: file, "--sweep", "a list of name, epsilon, path")
        var uses: [String: Int] = [:]
        return try entries.enumerated().map { place, entry in
            let claim = try entry.stated.claim(at: "\(file), entry \(place + 1)")
            let epsilon = claim.epsilon.isFinite ? JSONValue.number(claim.epsilon).description : "∞"
            let row = "\(entry.name) ε=\(epsilon.replacing(/\.0$/, with: ""))"
            let use = uses[row, default: 0] + 1
            uses[row] = use
            return ComparedText(
                name: use == 1 ? row : "\(row) #\(use)",
                series: entry.name,
                path: entry.path,
                stated: claim
            )
        }
    }

    /// JSON is YAML, so one reader reads both.
    private static func read<Value: Decodable>(
        _: Value.Type,
        from path: String,
        _ flag: String,
        _ form: String
    ) throws -> Value {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw ToolError.missingInput("\(path): no such file (\(flag))")
        }
        do { return try YAMLDecoder().decode(Value.self, from: data) } catch {
            throw ToolError.badConfiguration("\(path): must be \(form) (\(flag))")
        }
    }
}
