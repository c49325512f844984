import LanguageModel
import SeededRandomness

extension Comparison {
    /// Texts drawn per set on the map: enough to see a shape.
    private static let mapPoints = 500
    /// Texts drawn in all sets on the map together: few enough for a small file.
    private static let allMapPoints = 2_400
    /// Texts searched for nearest examples in each set.
    private static let searched = 2_000
    /// Examples shown.
    private static let exampleCount = 5
    /// Texts of each group that are shown with their labels.
    private static let sampleCount = 8
    /// Bins of the length curves.
    private static let lengthBins = 40

    /// One group's first run, as it is drawn.
    private struct Drawn {
        let group: Int
        let source: RowSource
        let vectors: Embeddings
    }

    /// The first run of every group, as places in `sources`, in the order of the report's groups.
    static func firstRuns(of sources: [RowSource]) -> [Int] {
        methodRuns(of: sources).map { $0[0] }
    }

    /// The runs of every group, likewise.
    static func methodRuns(of sources: [RowSource]) -> [[Int]] {
        let methods = sources.indices.filter { sources[$0].reference == nil }
        return PrivacyBudgets.runs(of: methods.map { (sources[$0].series, sources[$0].claim) })
            .map { $0.places.map { methods[$0] } }
    }

    /// What the plots show: of several runs of a method at one ε, the first.
    func figures(
        _ sources: [RowSource],
        test: TestTexts,
        vectors: (real: Embeddings, rows: [Embeddings?])
    ) throws -> ComparisonFigures {
        var figures = ComparisonFigures()
        figures.progress = inputs.progress
        let first = Self.firstRuns(of: sources)
        lengthCurves(first.map { sources[$0] }, test: test, into: &figures)
        let sets = first.enumerated().compactMap { group, index in
            vectors.rows[index].map { Drawn(group: group, source: sources[index], vectors: $0) }
        }
        try map(sets, real: vectors.real, into: &figures)
        figures.samples = sets.map { (group: $0.group, texts: samples($0.source, test)) }
        examples(sets, test, into: &figures)
        return figures
    }

    private func lengthCurves(
        _ sources: [RowSource],
        test: TestTexts,
        into figures: inout ComparisonFigures
    ) {
        let real = LengthDistribution(test.compared.map { test.features.verbatim[$0] })
        let methods = sources.map { source in
            LengthDistribution(source.measured.map { source.features.verbatim[$0] })
        }
        let longest =
            ([real] + methods).map { $0.sorted[($0.sorted.count - 1) * 98 / 100] }.max() ?? 0
        figures.lengthBinWidth = max(1, (longest + Self.lengthBins) / Self.lengthBins)
        let bins = longest / figures.lengthBinWidth + 2
        figures.lengths = ([real] + methods).enumerated().map { place, lengths in
            let shares = lengths.histogram(width: figures.lengthBinWidth, binCount: bins)
            return ComparisonFigures.LengthCurve(
                group: place == 0 ? nil : place - 1,
                shares: Array(shares.dropLast())
            )
        }
    }

    private func map(
        _ sets: [Drawn],
        real: Embeddings,
        into figures: inout ComparisonFigures
    ) throws {
        guard real.count > 2, real.dimension > 1 else { return }
        let count = min(Self.mapPoints, max(150, Self.allMapPoints / max(1, sets.count)))
        func some(_ vectors: Embeddings) -> Embeddings {
            var generator = SplitMix64(seed: inputs.seeds[0], stream: 0x3A9)
            let members = (0..<vectors.count).shuffled(using: &generator).prefix(count)
            return vectors.selecting(Array(members))
        }
        let shown = some(real)
        let others = sets.map { ($0.group, some($0.vectors)) }
        let all = others.reduce(shown) { Embeddings.stacked($0, $1.1) }
        let components = try PrincipalComponents(all, keeping: .count(2), parallel: parallel)
        func points(_ vectors: Embeddings) -> [ComparisonFigures.Point] {
            let plane = components.project(vectors)
            return (0..<plane.count).map { index in
                let row = plane.row(index)
                return ComparisonFigures.Point(x: row[0], y: row[1])
            }
        }
        figures.realPoints = points(shown)
        figures.panels = others.map { .init(group: $0.0, points: points($0.1)) }
        figures.mapVariance =
            components.totalVariance > 0
            ? components.variances.reduce(0, +) / components.totalVariance : 0
    }

    /// Texts of a row, drawn at random, by turns from each combination of labels; those in order.
    private func samples(_ source: RowSource, _ test: TestTexts) -> [ComparisonFigures.Labelled] {
        var generator = SplitMix64(seed: inputs.seeds[0], stream: 0x5A3)
        let order = source.measured.shuffled(using: &generator)
        var turn: [[Int?]: Int] = [:]
        let ranked = order.map { place -> (turn: Int, labels: [Int], place: Int) in
            let labels = inputs.labelColumns.map { source.classes[$0]?[place] }
            turn[labels, default: 0] += 1
            return (turn[labels, default: 1], labels.map { $0 ?? -1 }, place)
        }
        // The first of every combination comes before the second of any.
        return ranked.enumerated().sorted {
            ($0.element.turn, $0.offset) < ($1.element.turn, $1.offset)
        }
        .prefix(Self.sampleCount).map(\.element)
        .sorted { $0.labels.lexicographicallyPrecedes($1.labels) }
        .map { labelled($0.place, of: source, test) }
    }

    private func labelled(
        _ place: Int,
        of source: RowSource,
        _ test: TestTexts
    ) -> ComparisonFigures.Labelled {
        ComparisonFigures.Labelled(
            text: source.features.texts[place],
            labels: inputs.labelColumns.map { column in
                guard let label = source.classes[column]?[place] else { return "–" }
                return test.labelNames[column]?[label] ?? "–"
            }
        )
    }

    /// Texts of the first group with the nearest text of every other, or of itself if it is alone.
    private func examples(
        _ sets: [Drawn],
        _ test: TestTexts,
        into figures: inout ComparisonFigures
    ) {
        guard let first = sets.first else { return }
        let others = sets.count > 1 ? Array(sets.dropFirst()) : [first]
        var generator = SplitMix64(seed: inputs.seeds[0], stream: 0xE9A)
        let candidates = first.source.measured.indices.shuffled(using: &generator).filter {
            (6...40).contains(first.source.features.verbatim[first.source.measured[$0]].count)
        }
        figures.exampleSource = first.group
        let anchors = Array(candidates.prefix(Self.exampleCount))
        let nearest = others.map { self.nearest(to: anchors, of: first, in: $0) }
        figures.examples = anchors.enumerated().map { row, anchor in
            ComparisonFigures.Example(
                text: labelled(first.source.measured[anchor], of: first.source, test),
                nearest: zip(others, nearest).compactMap { other, found in
                    found[row].map {
                        (other.group, labelled(other.source.measured[$0], of: other.source, test))
                    }
                }
            )
        }
    }

    /// For each anchor of `set` the text of `other` nearest to it, but not the anchor itself.
    private func nearest(
        to anchors: [Int],
        of set: Drawn,
        in other: Drawn
    ) -> [Int?] {
        let isSame = other.group == set.group
        let searched = Array(0..<min(other.vectors.count, Self.searched))
        let found = NearestNeighbors(among: other.vectors.selecting(searched)).neighbors(
            of: set.vectors.selecting(anchors),
            count: isSame ? 2 : 1,
            parallel: parallel
        )
        // Two others beside the anchor are both equal to it.
        return zip(anchors, found).map { anchor, found in
            found.map(Int.init).filter { !isSame || $0 != anchor }.min()
        }
    }
}

/// What the plots of a report show beyond its numbers; not part of `numbers.json`.
struct ComparisonFigures: Sendable {
    /// The share of a set's texts by word count.
    struct LengthCurve: Sendable {
        /// Place among the report's groups; `nil` for the real test texts.
        let group: Int?
        /// The share of texts per bin, [bins].
        let shares: [Double]
    }

    /// A point of the map.
    struct Point: Sendable {
        let x: Float
        let y: Float
    }

    /// The points of one group's first run on the map.
    struct MapPanel: Sendable {
        /// Place among the report's groups.
        let group: Int
        let points: [Point]
    }

    /// A synthetic text with the values of its label columns.
    struct Labelled: Sendable, Equatable {
        let text: String
        /// One a label column, as the file has them; empty without labels.
        let labels: [String]
    }

    /// A synthetic text and the synthetic text of another set nearest to it.
    struct Example: Sendable {
        let text: Labelled
        /// One per other group, by its place among the report's: its nearest text.
        let nearest: [(group: Int, text: Labelled)]
    }

    /// Words per bin of the length curves.
    var lengthBinWidth = 1
    /// The real test texts first, then each group's first run.
    var lengths: [LengthCurve] = []
    /// Real test texts on the map.
    var realPoints: [Point] = []
    /// The groups on the map.
    var panels: [MapPanel] = []
    /// The share of variance that the two axes of the map explain, in [0, 1].
    var mapVariance = 0.0
    /// The group whose texts the examples start from, by its place among the report's.
    var exampleSource = 0
    /// Texts of each group's first run, by its place among the report's groups.
    var samples: [(group: Int, texts: [Labelled])] = []
    /// How ε grew in the runs that are here.
    var progress: [RunProgress] = []
    /// Nearest synthetic texts; never real ones.
    var examples: [Example] = []
}
