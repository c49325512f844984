import Evaluation
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
            try YAMLText($0, flag: "--claims")
                .decoded(
                    [String: StatedGuarantee].self,
                    form: "a mapping of names to guarantees such as {epsilon: 8, delta: 1e-6}"
                )
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
        let all = single + (try sweep.map { try swept($0, run) } ?? [])
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

    private static func swept(
        _ path: String,
        _ run: (SweepFile) throws -> [ComparedText]
    ) throws -> [ComparedText] {
        let file = try YAMLText(path, flag: "--sweep")
        if let mapping = try file.root()?.mapping {
            return try run(SweepFile(mapping, path: path))
        }
        let entries = try file.decoded([Entry].self, form: "a list of name, epsilon, path")
        return try texts(entries, of: path)
    }

    private static func texts(_ entries: [Entry], of file: String) throws -> [ComparedText] {
        let claims = try entries.enumerated().map { place, entry in
            try entry.stated.claim(at: "\(file), entry \(place + 1)")
        }
        let rows = zip(entries, claims).map { entry, claim in
            let epsilon = claim.epsilon.isFinite ? JSONValue.number(claim.epsilon).description : "∞"
            return "\(entry.name) ε=\(epsilon.replacing(/\.0$/, with: ""))"
        }
        let runs = Dictionary(grouping: rows) { $0 }.mapValues(\.count)
        var uses: [String: Int] = [:]
        return entries.indices.map { place in
            let row = rows[place]
            uses[row, default: 0] += 1
            let run = runs[row] == 1 ? "" : " #\(uses[row, default: 1])"
            return ComparedText(
                name: row + run,
                series: entries[place].name,
                path: entries[place].path,
                stated: claims[place]
            )
        }
    }
}
