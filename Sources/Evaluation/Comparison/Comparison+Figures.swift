import LanguageModel

extension Comparison {
    /// Texts drawn per set on the map: enough to see a shape, few enough for a small file.
    private static let mapPoints = 500
    /// Texts searched for nearest examples in each set.
    private static let searched = 2_000
    /// Examples shown.
    private static let exampleCount = 5
    /// Bins of the length curves.
    private static let lengthBins = 40

    /// What the plots show.
    func figures(
        _ sources: [RowSource],
        test: TestTexts,
        vectors: (real: Embeddings, rows: [Embeddings?])
    ) throws -> ComparisonFigures {
        var figures = ComparisonFigures()
        lengthCurves(sources, test: test, into: &figures)
        let methods = sources.indices.filter { sources[$0].reference == nil }
        let sets = methods.compactMap { index in
            vectors.rows[index].map { (source: sources[index], vectors: $0) }
        }
        try map(sets, real: vectors.real, into: &figures)
        examples(sets, into: &figures)
        return figures
    }

    private func lengthCurves(
        _ sources: [RowSource],
        test: TestTexts,
        into figures: inout ComparisonFigures
    ) {
        let real = LengthDistribution(test.compared.map { test.features.verbatim[$0] })
        let methods = sources.filter { $0.reference == nil }.map { source in
            (source.name, LengthDistribution(source.measured.map { source.features.verbatim[$0] }))
        }
        let longest =
            ([real] + methods.map(\.1)).map { $0.sorted[($0.sorted.count - 1) * 98 / 100] }
            .max() ?? 0
        figures.lengthBinWidth = max(1, (longest + Self.lengthBins) / Self.lengthBins)
        let bins = longest / figures.lengthBinWidth + 2
        figures.lengths = ([("real test texts", real)] + methods).map { name, lengths in
            let shares = lengths.histogram(width: figures.lengthBinWidth, binCount: bins)
            return ComparisonFigures.LengthCurve(name: name, shares: Array(shares.dropLast()))
        }
    }

    private func map(
        _ sets: [(source: RowSource, vectors: Embeddings)],
        real: Embeddings,
        into figures: inout ComparisonFigures
    ) throws {
        guard real.count > 2, real.dimension > 1 else { return }
        func some(_ vectors: Embeddings) -> Embeddings {
            var generator = SeededGenerator(seed: inputs.seeds[0], stream: 0x3A9)
            let members = (0..<vectors.count).shuffled(using: &generator).prefix(Self.mapPoints)
            return vectors.selecting(Array(members))
        }
        let shown = some(real)
        let others = sets.map { ($0.source.name, some($0.vectors)) }
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
        figures.panels = others.map { .init(name: $0.0, points: points($0.1)) }
        figures.mapVariance =
            components.totalVariance > 0
            ? components.variances.reduce(0, +) / components.totalVariance : 0
    }

    /// Texts of the first method with the nearest text of every other, or of itself if it is alone.
    private func examples(
        _ sets: [(source: RowSource, vectors: Embeddings)],
        into figures: inout ComparisonFigures
    ) {
        guard let first = sets.first else { return }
        let others = sets.count > 1 ? Array(sets.dropFirst()) : [first]
        var generator = SeededGenerator(seed: inputs.seeds[0], stream: 0xE9A)
        let candidates = first.source.measured.indices.shuffled(using: &generator).filter {
            (6...40).contains(first.source.features.verbatim[first.source.measured[$0]].count)
        }
        figures.exampleSource = first.source.name
        figures.examples = candidates.prefix(Self.exampleCount).map { anchor in
            let vector = first.vectors.row(anchor)
            return ComparisonFigures.Example(
                text: first.source.features.texts[first.source.measured[anchor]],
                nearest: others.compactMap { other in
                    let isSame = other.source.name == first.source.name
                    let place = Self.nearest(
                        to: vector,
                        in: other.vectors,
                        except: isSame ? anchor : nil
                    )
                    return place.map {
                        (other.source.name, other.source.features.texts[other.source.measured[$0]])
                    }
                }
            )
        }
    }

    private static func nearest(
        to vector: [Float],
        in vectors: Embeddings,
        except own: Int?
    ) -> Int? {
        var best: (index: Int, distance: Float)?
        for index in 0..<min(vectors.count, searched) where index != own {
            let distance = zip(vector, vectors.row(index)).reduce(Float(0)) {
                $0 + ($1.0 - $1.1) * ($1.0 - $1.1)
            }
            if best.map({ distance < $0.distance }) ?? true { best = (index, distance) }
        }
        return best?.index
    }
}
