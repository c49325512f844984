import Corpus

/// How many records of which labels to draw; all of it public.
struct LabelMixture: Equatable {
    /// One value a label column, and its weight, at least 0.
    struct Part: Equatable {
        let labels: [String]
        let weight: Double
    }

    /// The combinations with a weight above 0.
    let parts: [Part]

    /// Takes parts as they are.
    ///
    /// - Throws: `ToolError.usage` if a value is not in the label set, a weight is negative or not
    ///   finite, or all are 0.
    init(parts: [Part], labelSet: LabelSet, source: String) throws {
        let parts = try parts.map { part in
            let labels = labelSet.ownSpelling(of: part.labels.map { Array($0.utf8) })
            guard let labels else {
                throw Self.unknown(part.labels, labelSet, source: source)
            }
            guard part.weight >= 0, part.weight.isFinite else {
                throw ToolError.usage(
                    "\(source): the weight of \(Self.quoted(part.labels)) is \(part.weight); it must be at "
                        + "least 0"
                )
            }
            return Part(
                labels: labels.map { String(decoding: $0, as: UTF8.self) },
                weight: part.weight
            )
        }
        self.parts = parts.filter { $0.weight > 0 }
        guard !self.parts.isEmpty else { throw ToolError.usage("\(source): no weight is above 0") }
    }

    /// Columns drawn independently of each other: one list of weights a column, in the set's order.
    init(independent weights: [[Double]], labelSet: LabelSet, source: String) throws {
        var parts = [Part(labels: [], weight: 1)]
        for (values, weights) in zip(labelSet.values, weights) {
            parts = parts.flatMap { part in
                zip(values, weights).map {
                    Part(labels: part.labels + [$0.0], weight: part.weight * $0.1)
                }
            }
        }
        try self.init(parts: parts, labelSet: labelSet, source: source)
    }

    /// Every combination alike.
    static func uniform(_ labelSet: LabelSet) throws -> LabelMixture {
        try LabelMixture(
            independent: labelSet.values.map { $0.map { _ in 1 } },
            labelSet: labelSet,
            source: "the label set"
        )
    }

    /// `--labels 'a=x,b=y'`: a comma separates only before `<label column>=`; columns left out are
    /// spread evenly.
    init(labels text: String, labelSet: LabelSet) throws {
        let chosen = try Self.assignments(text, columns: labelSet.columns)
        let weights = try zip(labelSet.columns, labelSet.values).map { column, values in
            guard let value = chosen[column] else { return values.map { _ in 1.0 } }
            guard values.contains(where: { $0.utf8.elementsEqual(value.utf8) }) else {
                throw Self.unknown(value, column, values, source: "--labels")
            }
            return values.map { $0.utf8.elementsEqual(value.utf8) ? 1 : 0 }
        }
        try self.init(independent: weights, labelSet: labelSet, source: "--labels")
    }

    /// How many of `count` records each part gets: shares rounded down, the rest to the largest
    /// remainders, earlier parts first.
    func counts(of count: Int) -> [(labels: [String], count: Int)] {
        let total = parts.reduce(0) { $0 + $1.weight }
        let shares = parts.map { $0.weight / total * Double(count) }
        var counts = shares.map { Int($0) }
        let order = shares.indices.sorted { a, b in
            let (left, right) = (
                shares[a] - shares[a].rounded(.down), shares[b] - shares[b].rounded(.down)
            )
            return left == right ? a < b : left > right
        }
        let missing = max(count - counts.reduce(0, +), 0)
        for place in order.prefix(missing) { counts[place] += 1 }
        return zip(parts, counts).map { ($0.0.labels, $0.1) }.filter { $0.count > 0 }
    }

    /// Values that an error lists.
    private static let listed = 20

    /// An error that names a value that a column does not have, and those that it has.
    ///
    /// Both are public: the one is stated as part of a mix, the others are the model's label set.
    static func unknown(
        _ value: String,
        _ column: String,
        _ values: [String],
        source: String
    ) -> ToolError {
        let near =
            NearName.nearest(value, in: values).map { ". Did you mean \(quoted([$0]))?" } ?? "."
        let more = values.count > listed ? " and \(values.count - listed) more" : ""
        let known = values.prefix(listed).map { quoted([$0]) }.joined(separator: ", ") + more
        return ToolError.usage(
            "\(source): the label column \(column) has no value \(quoted([value]))\(near) It has \(known)"
        )
    }

    private static func unknown(
        _ labels: [String],
        _ labelSet: LabelSet,
        source: String
    ) -> ToolError {
        for (place, value) in labels.enumerated()
        where labelSet.index(of: Array(value.utf8), inColumn: place) == nil {
            return unknown(value, labelSet.columns[place], labelSet.values[place], source: source)
        }
        return ToolError.usage(
            "\(source): a combination has \(labels.count) labels; the label columns are "
                + labelSet.columns.joined(separator: ", ")
        )
    }

    /// Label values as a message quotes them, no longer than a line.
    private static func quoted(_ values: [String]) -> String {
        "'" + values.map { String($0.prefix(60)) }.joined(separator: ", ") + "'"
    }

    private static func assignments(
        _ text: String,
        columns: [String]
    ) throws -> [String: String] {
        var found: [String: String] = [:]
        var current: String?
        var rest = text[...]
        while true {
            // Longest first: one column's name may begin with another's, comma included.
            let named = columns.filter { rest.hasPrefix($0 + "=") }.max { $0.count < $1.count }
            if let named {
                guard found[named] == nil else {
                    throw ToolError.usage("--labels names the column \(named) twice")
                }
                rest = rest.dropFirst(named.count + 1)
                current = named
            }
            guard let current else {
                throw ToolError.usage(
                    "--labels: write COLUMN=VALUE; the label columns are "
                        + (columns.isEmpty ? "none" : columns.joined(separator: ", "))
                )
            }
            let piece = rest.prefix { $0 != "," }
            found[current] = (found[current].map { $0 + "," } ?? "") + piece
            rest = rest.dropFirst(piece.count)
            guard !rest.isEmpty else { return found }
            rest = rest.dropFirst()
        }
    }
}
